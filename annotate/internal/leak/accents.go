package leak

import "strings"

// accented are small letters beyond U+017F that Unicode takes apart into a letter and
// marks (its canonical decomposition), behind the letter; and the sigma that ends a word.
const accented = `
	aǎǟǡǣǻǽȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cḉ dḋḍḏḑḓ eȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gǧǵḡ hȟḣḥḧḩḫẖ iǐȉȋḭḯỉị jǰ kǩḱḳḵ lḷḹḻḽ mḿṁṃ
	nǹṅṇṉṋ oơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rȑȓṙṛṝṟ sșṡṣṥṧṩẛ tțṫṭṯṱẗ uưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wẁẃẅẇẉẘ xẋẍ
	yȳẏẙỳỵỷỹ zẑẓẕ ʒǯ ʹʹ αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ εέἐἑἒἓἔἕὲέ ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ
	οόὀὁὂὃὄὅὸό ρῤῥ σς υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ ϒϓϔ аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ
	ыӹ эӭ ії ѵѷ әӛ өӫ
`

// plain are the letters without marks of those of accented.
var plain = func() map[rune]rune {
	out := map[rune]rune{}
	for _, group := range strings.Fields(accented) {
		letters := []rune(group)
		for _, l := range letters[1:] {
			out[l] = letters[0]
		}
	}
	return out
}()
