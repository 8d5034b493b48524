package codec

// Constants of the transform in units of 1/8192.
const (
	dctBits = 13

	dct0298 = 2446
	dct0390 = 3196
	dct0541 = 4433
	dct0765 = 6270
	dct0899 = 7373
	dct1175 = 9633
	dct1501 = 12299
	dct1847 = 15137
	dct1961 = 16069
	dct2053 = 16819
	dct2562 = 20995
	dct3072 = 25172
)

// inverseDCT turns a block's coefficients into its pixels (T.81 A.3.3), shifted
// to unsigned values of the given precision (A.3.1). The method, and so the
// rounding, is that of Loeffler, Ligtenberg and Moschytz (ICASSP 1989) as in the
// Independent JPEG Group's accurate integer transform.
func inverseDCT(block *[64]int32, precision int) {
	extra := uint(2) // bits kept between the passes
	if precision > 8 {
		extra = 1
	}
	var between [64]int64
	for c := range 8 {
		if block[8+c]|block[16+c]|block[24+c]|block[32+c]|block[40+c]|block[48+c]|block[56+c] == 0 {
			for i := c; i < 64; i += 8 {
				between[i] = int64(block[c]) << extra
			}
			continue
		}
		var v [8]int64
		for i := range v {
			v[i] = int64(block[8*i+c])
		}
		inverseDCT1D(&v, dctBits-extra)
		for i := range v {
			between[8*i+c] = v[i]
		}
	}
	middle, top := int64(1)<<(precision-1), int64(1)<<precision-1
	for r := 0; r < 64; r += 8 {
		v := (*[8]int64)(between[r:])
		inverseDCT1D(v, dctBits+extra+3)
		for i, v := range v {
			block[r+i] = int32(min(top, max(0, v+middle)))
		}
	}
}

// inverseDCT1D transforms eight values and divides them, rounding, by 1<<shift.
func inverseDCT1D(v *[8]int64, shift uint) {
	z := (v[2] + v[6]) * dct0541
	t2, t3 := z-v[6]*dct1847, z+v[2]*dct0765
	t0, t1 := (v[0]+v[4])<<dctBits, (v[0]-v[4])<<dctBits
	e0, e1, e2, e3 := t0+t3, t1+t2, t1-t2, t0-t3

	z1, z2, z3, z4 := v[7]+v[1], v[5]+v[3], v[7]+v[3], v[5]+v[1]
	z5 := (z3 + z4) * dct1175
	z1, z2 = z1*-dct0899, z2*-dct2562
	z3, z4 = z3*-dct1961+z5, z4*-dct0390+z5
	o3, o2 := v[7]*dct0298+z1+z3, v[5]*dct2053+z2+z4
	o1, o0 := v[3]*dct3072+z2+z3, v[1]*dct1501+z1+z4

	half := int64(1) << (shift - 1)
	v[0], v[7] = (e0+o0+half)>>shift, (e0-o0+half)>>shift
	v[1], v[6] = (e1+o1+half)>>shift, (e1-o1+half)>>shift
	v[2], v[5] = (e2+o2+half)>>shift, (e2-o2+half)>>shift
	v[3], v[4] = (e3+o3+half)>>shift, (e3-o3+half)>>shift
}
