package leak

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// Spellings of one name are alike, whichever of them is looked for.
func TestSpellings(t *testing.T) {
	for _, same := range [][]string{
		{"MÜLLER", "Mueller", "muller", "MULLER", "Mu\u0308ller"},
		{"Meyer-Landrut", "MeyerLandrut", "MEYER LANDRUT", "meyer_landrut", "Meyer^Landrut", "Meyer, Landrut", "Meyer - Landrut"},
		{"Strauß", "Strauss", "STRAUSS"},
		{"Jørgensen", "Joergensen", "Jorgensen"},
		{"O'Brien", "OBrien", "O’BRIEN"},
		{"Núñez", "Nunez", "NUÑEZ"},
		{"Łukasz", "Lukasz"},
		{"ID-7781234", "id7781234", "ID 7781234", "ID_7781234"},
		{"20040119", "2004-01-19", "2004/01/19"},
		{"Иванов", "ИВАНОВ"},
		{"Ødegård", "Oedegaard", "ODEGARD"},
		{"Παπάς", "ΠΑΠΑΣ", "παπας"},
		{"Nguyễn", "NGUYEN"},
	} {
		for _, value := range same {
			f := New([]string{value})
			for _, text := range same {
				for _, around := range []string{"%", "of % there", "x/%.dcm", "\x00%\x00", "\"%\"", "a_%-b"} {
					if around == "a_%-b" && same[0] == "20040119" {
						continue
					}
					in := strings.Replace(around, "%", text, 1)
					if !f.In(in, InTexts) {
						t.Errorf("%s is not found in %q", value, in)
					}
				}
			}
		}
	}
}

// A name is found where nothing is between its words, and a day in other notations.
func TestNamesAndDays(t *testing.T) {
	for name, texts := range map[string][]string{
		"Meyer-Landrut^Anna Maria^B": {"MeyerLandrut", "Landrut", "landrutmeyer", "AnnaMeyerLandrut", "MeyerLandrutAnna", "meyerlandruta", "BMeyer"},
		"Wang^X=王^小東":                {"王小東", "小東王"},
		"Li^Bo":                      {"LiBo", "BoLi"},
	} {
		f := New(Names(name))
		for _, text := range texts {
			if found := false; !f.In(text, InNotes) {
				if f.Apart(text, InTexts, func(int) { found = true }); !found {
					t.Errorf("%s is not found in %s", name, text)
				}
			}
		}
	}
	if few := Names(strings.Repeat("Meyer ", 10_000)); len(few) > 10 {
		t.Errorf("%d spellings", len(few))
	}
	f := New(Day("19471223"))
	for _, text := range []string{"19471223", "23.12.1947", "23/12/1947", "12/23/1947", "1947-12-23", "1947.12.23", "23-DEC-1947", "x 23dec1947 "} {
		if !f.In(text, InTexts) {
			t.Errorf("the day is not found in %q", text)
		}
	}
	if len(Day("19471323"))+len(Day("1947")) > 0 {
		t.Error("no day is one")
	}
}

func TestFinds(t *testing.T) {
	for _, c := range []struct {
		value, text string
		least       int
		found       bool
	}{
		{"Meyerbeer", "of MEYERBEERS", InPixels, true},   // within a word
		{"Meyer", "of Meyers", InNotes, false},           // a short one is no part
		{"Meyer", "MEYER2", InNotes, false},              //
		{"Li", "by li.", InNotes, true},                  //
		{"Li", "by li.", InTexts, false},                 // too short
		{"Ann", "x ann y", InPixels, false},              //
		{"Joe", "of Joe", InTexts, true},                 // three letters, though e is left out
		{"20040119", "1.9200401190", InPixels, false},    // digits of a number
		{"20040119", "x20040119y", InPixels, true},       //
		{"20040119", "2004,0119", InPixels, false},       // two numbers
		{"20040119", "2004 0119", InPixels, false},       //
		{"123", "1,123,4", InTexts, true},                //
		{"123", "1.1234", InTexts, false},                //
		{"1.2.3.4.777", "1.2.3.4.7771", InTexts, false},  // another UID
		{"1.2.3.4.777", "1.2.3.4.777.1", InTexts, false}, //
		{"1.2.3.4.777", "9.1.2.3.4.777", InTexts, false}, //
		{"1.2.3.4.777", "is 1.2.3.4.777.", InTexts, true},
		{"1.2.3", "1.2.3", InTexts, true},
		{"12 34", "of 12 34", InNotes, true},
		{"Gia B", "gia bb", InNotes, false},
		{"王小明", "患者王小明 ", InTexts, true},
		{"Meyer Beer", "meyer" + strings.Repeat(" ", 9) + "beer", InTexts, false}, // columns of a table
		{"", "anything", InNotes, false},
		{"--", "--", InNotes, false},
	} {
		if got := New([]string{c.value}).In(c.text, c.least); got != c.found {
			t.Errorf("%q in %q: %v", c.value, c.text, got)
		}
	}
}

// Values at the seams of the pieces of a file are found, and parts of words and numbers
// are not taken for wholes there.
func TestSeams(t *testing.T) {
	values := []string{"Müller", "Meyer-Landrut", "20040119", "éclair"}
	f := New(values)
	text := []byte(" 120040119, Schmüller, M\xc3\xbcller, meyer-landrut; üéclair, 20040119 éclair, ")
	for at := pieceSize - len(text) - 4; at < pieceSize+4; at++ {
		for _, fill := range []byte{0, 'x'} {
			b := bytes.Repeat([]byte{fill}, pieceSize+4*overlap)
			copy(b[at:], text)
			count := map[string]int{}
			if err := f.Read(bytes.NewReader(b), InPixels, func(i int) { count[values[i]]++ }); err != nil {
				t.Fatal(err)
			}
			for _, v := range values {
				if count[v] == 0 {
					t.Fatalf("at %d %q is not found", at, v)
				}
			}
			for _, part := range []string{" 120040119,", " Schmüller,", "üéclair,"} {
				copy(b[at:], bytes.Repeat([]byte{0}, len(text)))
				copy(b[at+len(text)-len(part):], part)
				if err := f.Read(bytes.NewReader(b), InPixels, func(i int) { t.Fatalf("%q is found in %q at %d", values[i], part, at) }); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// A text is as it is compared when it is made so again, and its letters are ASCII where
// they are Latin.
func FuzzFold(f *testing.F) {
	f.Add("Müller-Lüdenscheidt, 2004-01-19 ÆßĲŒ 1.2.3")
	f.Fuzz(func(t *testing.T, text string) {
		once := Fold(text)
		values := []string{text}
		if len(once) > 0 && len(once) <= longest && utf8.ValidString(text) && once[0] != 0 {
			finder := New(values)
			if n := finder.values[0].length; n > 0 && !finder.In(text, n) {
				t.Errorf("%q is not found in itself (%q)", text, once)
			}
		}
		for c := rune(0xc0); c <= 0x17f; c++ {
			if strings.ContainsRune(once, c) && c != '×' && c != '÷' {
				t.Errorf("%q became %q", text, once)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	f := New([]string{"Meyer-Landrut", "Müller", "20040119", "1.2.3.4.777", "ID-77"})
	for name, data := range map[string][]byte{"noise": make([]byte, 8<<20), "pixels": make([]byte, 8<<20), "text": bytes.Repeat([]byte("words of a text "), 512<<10)} {
		r := rand.New(rand.NewPCG(1, 2))
		for i := range data {
			if name == "noise" {
				data[i] = byte(r.Uint32())
			} else if name == "pixels" {
				data[i] = byte(r.Uint32N(200) * uint32(1-i%2))
			}
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := f.Read(bytes.NewReader(data), InPixels, func(int) {}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
