package dicom

import (
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// TestCharacterSets reads the examples of DICOM PS3.5 annexes H to K, and text
// that is not as it should be.
func TestCharacterSets(t *testing.T) {
	cases := []struct{ name, set, text, want string }{
		{"Latin 1", "ISO_IR 100", "Buc^J\xe9r\xf4me", "Buc^Jérôme"},
		{"Latin 1, misspelt", "ISO-IR 100", "J\xe9r\xf4me", "Jérôme"},
		{"Latin 2", "ISO_IR 101", "\xa3\xf3d\xbc", "Łódź"},
		{"Cyrillic", "ISO_IR 144", "\xbb\xee\xda\x63\x65\xdc\xd1\xe3\xe0\xd3", "Люкceмбург"},
		{"Greek", "ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"},
		{"Arabic", "ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1", "قباني^لنزار"},
		{"Hebrew", "ISO_IR 138", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4", "שרון^דבורה"},
		{"Thai", "ISO_IR 166", "\xb7\xc3\xc7\xa7\xcd\xa1 a", "ทรวงอก a"},
		{"UTF-8", "ISO_IR 192", "Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1", "Wang^XiaoDong=王^小東"},
		{"GB18030", "GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=", "Wang^XiaoDong=王^小东="},
		{"GB18030, a character with a backslash in it", "GB18030", "\x81\x5c\xd0\xd8\xb2\xbf", "乗胸部"},
		{"GBK", "GBK", "\xd0\xd8\xb2\xbf\x43\x54", "胸部CT"},
		{"Chinese by code extension", `\ISO 2022 IR 58`, "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=", "Zhang^XiaoDong=张^小东="},
		{"Korean", `\ISO 2022 IR 149`, "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf", "Hong^Gildong=洪^吉洞=홍^길동"},
		{"Japanese, ASCII first", `\ISO 2022 IR 87`, "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B", "Yamada^Tarou=山田^太郎=やまだ^たろう"},
		{"Japanese, katakana first", `ISO 2022 IR 13\ISO 2022 IR 87`, "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J", "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"},
		{"Japanese, supplementary kanji", `\ISO 2022 IR 87\ISO 2022 IR 159`, "\x1b$(D\x30\x21\x1b(B!", "丂!"},
		{"several of one byte", `ISO 2022 IR 6\ISO 2022 IR 100\ISO 2022 IR 144`, "\x1b-AJ\xe9r\xf4me \x1b-L\xbb\xee\xda", "Jérôme Люк"},
		{"no escape in Japanese", `\ISO 2022 IR 87`, "a\xff", "a\uFFFD"},
		{"an unknown escape", `\ISO 2022 IR 87`, "a\x1b%Gb\xff", "a\x1b%Gb\uFFFD"},
		{"an escape at the end", `\ISO 2022 IR 87`, "a\x1b", "a\x1b"},
		{"half a kanji", `\ISO 2022 IR 87`, "\x1b$B;", "\uFFFD"},
		{"an unknown set", "no such set", "a\xff", "a\uFFFD"},
		{"nothing said, UTF-8", "", "Thorax \u00e4", "Thorax ä"},
		{"nothing said, not UTF-8", "", "Thorax \xe4", "Thorax \uFFFD"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := dicomtest.CT(2, 2, 0, ramp16(4, 0))
			d.Set(0x00080005, "CS", c.set)
			d.Set(0x0008103e, "LO", c.text)
			im, err := read(dicomtest.Write(dicomtest.ExplicitLittle, d))
			if err != nil {
				t.Fatal(err)
			}
			if im.SeriesDescription != c.want {
				t.Errorf("got %q, want %q", im.SeriesDescription, c.want)
			}
		})
	}
}
