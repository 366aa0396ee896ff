package crypt

// Computed by an independent program (HKDF and HMAC of another language) from the store secret of 32 bytes of 7.
const (
	goldenTag         = "t1_dXAjwTGrYQHCGeVeskP7gBx_Ut_dAiG4LEkMbTmu_3c"
	goldenSubject     = "s1_M_ce6mQumXlMvQU0_kq1zg"
	goldenCode        = "25a7234c2871decef8456e94b2f2d7a98bf84272884cc3014b7764e14d93095b"
	goldenFingerprint = "39efa6791f22e0ac09fda31de57c66d9b97f237597e1392516ca31b920940b0c"
	goldenKey         = "37ab259fa06bc94a1f4f284f24d7fe0486e589b99fc1f6b02401fe43a85d5166"
	goldenMAC         = "a5463c58a1639b668eb638d8eaf618148d876f5bfee840d4c7b129118006e73d"
)
