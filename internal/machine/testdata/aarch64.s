	// What arch/arm64/net/bpf_jit_comp.c emits, and its surroundings.
	paciasp
	autiasp
	bti
	bti c
	bti j
	bti jc
	.irp n,nop,yield,wfe,sev,sevl,csdb,esb,xpaclri,pacia1716,autia1716,paciaz,autiaz,pacibsp,autibsp,clrbhb
	\n
	.endr
	psb csync
	hint #63
	mov x29, sp
	mov sp, x25
	mov x9, x30
	stp x29, x30, [sp, #-16]!
	ldp x29, x30, [sp], #16
	stp x19, x20, [sp, #-32]!
	stp x27, x28, [sp, #16]
	ldp x27, xzr, [sp], #16
	str x9, [sp, #-16]!
	ldr x9, [sp], #16
	stp w1, w2, [x3]
	ldpsw x1, x2, [x3, #8]
	.irp op,add,sub,and,orr,eor,bic,orn,eon,ands,bics,adds,subs
	\op x0, x1, x2
	\op w3, w4, w5
	.endr
	.irp op,add,sub,adds,subs
	\op x1, x2, #0xabc
	\op w1, wzr, w2, lsl #4
	.endr
	add x1, x2, #0x123, lsl #12
	add x7, x7, w10, uxtw
	add x28, x10, w28, uxtw
	add sp, sp, #0x20
	sub sp, sp, #0x20
	add x1, x2, x3, lsl #3
	sub x1, x2, x3, asr #7
	and x1, x2, #0xff
	orr w1, w2, #0x80808080
	eor x1, x2, #0xfffffffffffffff0
	ands w3, w4, #1
	tst x1, x2
	tst w1, #0x10
	cmp x1, x2
	cmp w1, #5
	cmn x1, #3
	cmn w1, w2
	neg x1, x2
	neg w1, w2
	mvn x1, x2
	mvn w1, w2
	mov x1, x2
	mov w1, w2
	mov x1, #0
	mov w1, #-1
	mov x1, #0x12340000
	movz x10, #0xffff, lsl #48
	movn x10, #0x1234
	movn x10, #0x7fff, lsl #32
	movk x10, #0x8123, lsl #16
	movk x10, #0xdead, lsl #32
	movk w10, #0x4567
	.irp op,udiv,sdiv,mul,lsl,lsr,asr,ror,mneg
	\op x1, x2, x3
	\op w1, w2, w3
	.endr
	msub x1, x2, x3, x4
	madd w1, w2, w3, w4
	smull x1, w2, w3
	umull x1, w2, w3
	umulh x1, x2, x3
	smulh x1, x2, x3
	lsl x1, x2, #3
	lsr x1, x2, #60
	asr x1, x2, #63
	lsl w1, w2, #3
	lsr w1, w2, #30
	asr w1, w2, #31
	ror x1, x2, #9
	extr x1, x2, x3, #4
	extr w1, w2, w3, #31
	.irp op,rev16,rev,rbit,clz,cls
	\op x1, x2
	\op w1, w2
	.endr
	rev32 x1, x2
	uxtb w1, w2
	uxth w1, w2
	sxtb x1, w2
	sxth x1, w2
	sxtw x1, w2
	sxtb w1, w2
	sxth w1, w2
	ubfx x1, x2, #4, #5
	sbfx w1, w2, #4, #5
	bfi x1, x2, #4, #5
	bfxil x1, x2, #4, #5
	bfc x1, #4, #5
	ubfiz x1, x2, #4, #5
	sbfiz x1, x2, #4, #5
	.irp op,ldr,str
	\op x1, [x2]
	\op w1, [x2]
	\op x1, [x2, #8]
	\op w1, [x2, #4]
	\op x1, [x2, x3]
	\op w1, [x2, x3]
	\op x1, [x2, x3, lsl #3]
	\op x1, [x2, w3, uxtw]
	\op x1, [x2, w3, sxtw #3]
	\op w1, [x2, #-4]
	\op x1, [x2, #8]!
	\op x1, [x2], #-8
	\op\()b w1, [x2, #1]
	\op\()b w1, [x2, x3]
	\op\()h w1, [x2, #2]
	\op\()h w1, [x2, x3]
	.endr
	.irp op,ldrsb,ldrsh,ldrsw
	\op x1, [x2, #4]
	\op x1, [x2, x3]
	\op x1, [x2, #-3]
	.endr
	ldur x1, [x2, #-9]
	stur w1, [x2, #-9]
	ldtr x1, [x2, #8]
	sttrb w1, [x2, #8]
	prfm pstl1strm, [x1]
	prfm pldl1keep, [x1, #8]
	.irp s,b,h,
	ldxr\s w1, [x2]
	ldaxr\s w1, [x2]
	stxr\s w3, w1, [x2]
	stlxr\s w3, w1, [x2]
	ldar\s w1, [x2]
	stlr\s w1, [x2]
	ldapr\s w1, [x2]
	ldlar\s w1, [x2]
	stllr\s w1, [x2]
	stlur\s w1, [x2]
	ldapur\s w1, [x2, #-4]
	.endr
	.irp s,b,h,,ab,ah,a,lb,lh,l,alb,alh,al
	cas\s w1, w2, [x3]
	swp\s w1, w2, [x3]
	ldadd\s w1, w2, [x3]
	ldclr\s w1, w2, [x3]
	ldeor\s w1, w2, [x3]
	ldset\s w1, w2, [x3]
	ldsmax\s w1, w2, [x3]
	ldsmin\s w1, w2, [x3]
	ldumax\s w1, w2, [x3]
	ldumin\s w1, w2, [x3]
	.endr
	.irp o,,a,l,al
	cas\o x1, x2, [sp]
	casp\o x0, x1, x2, x3, [x4]
	casp\o w0, w1, w2, w3, [x4]
	swp\o x1, x2, [x3]
	ldadd\o x1, x2, [x3]
	ldclr\o x1, x2, [x3]
	ldeor\o x1, x2, [x3]
	ldset\o x1, x2, [x3]
	ldsmax\o x1, x2, [x3]
	ldsmin\o x1, x2, [x3]
	ldumax\o x1, x2, [x3]
	ldumin\o x1, x2, [x3]
	.endr
	.irp op,add,clr,eor,set,smax,smin,umax,umin
	st\op x1, [x3]
	st\op\()l w1, [x3]
	st\op\()b w1, [x3]
	st\op\()lh w1, [x3]
	.endr
	ldxr x1, [x2]
	stlxr w3, x1, [x2]
	ldar x1, [x2]
	stlr x1, [x2]
	ldapr x1, [x2]
	ldapur x1, [x2, #8]
	ldapursb x1, [x2, #8]
	ldapursb w1, [x2, #8]
	ldapursh x1, [x2, #8]
	ldapursw x1, [x2, #8]
	stlur x1, [x2, #8]
	ldxp x1, x2, [x3]
	stlxp w5, x1, x2, [x3]
	dmb ish
	dmb ishld
	dmb sy
	dsb sy
	dsb ish
	isb
	sb
	clrex
1:	b 1b
	b .+0x1000
	bl 1b
	bl .+0x7fffffc
	br x10
	blr x10
	ret
	ret x9
	.irp c,eq,ne,cs,cc,mi,pl,vs,vc,hi,ls,ge,lt,gt,le,al
	b.\c 1b
	.endr
	.inst 0x54ffff10
	cbz x1, 1b
	cbnz w1, 1b
	cbz w1, .+8
	cbnz x7, .+12
	tbz x1, #33, 1b
	tbnz w1, #3, .+8
	adr x1, 1b
	adr x10, .+0x10
	adrp x1, .+0x3000
	ldr x10, .+8
	ldr w10, .+16
	csel x1, x2, x3, eq
	csinc w1, w2, w3, ne
	csinv x1, x2, x3, lt
	csneg x1, x2, x3, gt
	cset w1, eq
	csetm x1, hi
	cinc x1, x2, ls
	ccmp x1, x2, #4, ne
	ccmn w1, #3, #0, eq
	adc x1, x2, x3
	sbc w1, w2, w3
	crc32x w1, w2, x3
	mrs x1, sp_el0
	mrs x1, tpidr_el1
	mrs x1, tpidr_el2
	mrs x1, tpidr_el0
	mrs x1, cntvct_el0
	mrs x1, nzcv
	msr nzcv, x1
	msr daifset, #2
	msr daifclr, #2
	svc #0
	brk #0x800
	brk #0xf000
	hlt #1
	udf #0
	pacia x1, x2
	autdb x1, sp
	paciza x1
	xpaci x1
	pacga x1, x2, x3
	braa x1, sp
	blraaz x1
	retaa
	retab
	cfinv
	rmif x1, #3, #4
	setf8 w1
	setf16 w1
	fmov d0, x1
	fadd d0, d1, d2
	ldr q0, [x1]
	stp q0, q1, [sp, #-32]!
	ld1 {v0.16b-v1.16b}, [x1]
	sysl x3, #5, C13, C3, #6
	dc civac, x1
	b.nv 1b
	udf #7
