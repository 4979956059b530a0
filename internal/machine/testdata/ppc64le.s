	# What arch/powerpc/net emits, and its surroundings.
	.irp op,add,subf,and,or,xor,nor,nand,andc,orc,eqv,mullw,mulld,mulhw,mulhwu,mulhd,mulhdu,divw,divwu,divd,divdu,modsw,moduw,modsd,modud,slw,srw,sraw,sld,srd,srad,addc,adde,subfc,subfe
	\op 3,4,5
	.endr
	.irp op,add.,sub.,and.,or.,xor.,neg.,extsw.
	.ifc \op,neg.
	\op 3,4
	.else
	.ifc \op,extsw.
	\op 3,4
	.else
	\op 3,4,5
	.endif
	.endif
	.endr
	sub 3,4,5
	.irp op,addme,addze,subfme,subfze,neg,extsb,extsh,extsw,cntlzw,cntlzd,cnttzd,popcntd,mr,not,brh,brw,brd
	\op 3,4
	.endr
	.irp op,addi,addis,addic,addic.,subfic,mulli
	\op 3,4,-77
	.endr
	addi 3,1,48
	addi 3,13,48
	li 3,-1
	lis 3,0x1234
	lis 12,-16384
	.irp op,ori,oris,xori,xoris,andi.,andis.
	\op 3,4,0xabcd
	.endr
	nop
	ori 3,3,0
	xori 0,0,0
	sldi 3,4,32
	sldi 3,4,3
	srdi 3,4,32
	srdi 3,4,1
	clrldi 3,4,32
	clrldi 3,4,48
	clrldi. 3,4,56
	clrrdi 3,4,4
	rotldi 3,4,8
	rldicl 3,4,5,6
	rldicl. 3,4,5,6
	rldicr 3,4,5,6
	rldicr. 3,4,32,31
	rldic 3,4,5,6
	rldimi 3,4,32,0
	rldimi 3,4,5,6
	insrdi 3,4,8,16
	rldcl 3,4,5,6
	rotld 3,4,5
	rldcr 3,4,5,6
	slwi 3,4,3
	srwi 3,4,3
	clrlwi 3,4,16
	clrlwi 3,4,24
	clrrwi 3,4,4
	rotlwi 3,4,8
	rlwinm 3,4,8,24,31
	rlwinm. 3,4,0,16,31
	rlwimi 3,4,8,16,23
	rlwimi 3,4,24,0,7
	rlwnm 3,4,5,0,15
	rotlw 3,4,5
	slwi. 3,4,3
	srawi 3,4,5
	sradi 3,4,45
	.irp op,lbz,lhz,lha,lwz,stb,sth,stw,lbzu,lhzu,lwzu,stbu,sthu,stwu
	\op 3,-8(4)
	.endr
	.irp op,ld,lwa,std,ldu,stdu
	\op 3,-8(4)
	\op 3,16(1)
	.endr
	std 3,8(0)
	.irp op,lbzx,lhzx,lhax,lwzx,lwax,ldx,stbx,sthx,stwx,stdx,ldbrx,lwbrx,lhbrx,stdbrx,stwbrx,sthbrx,ldux,stdux
	\op 3,4,5
	.endr
	ldbrx 3,0,5
	stdx 3,0,5
	.irp op,lbarx,lharx,lwarx,ldarx,stbcx.,sthcx.,stwcx.,stdcx.
	\op 3,4,5
	\op 3,0,5
	.endr
	lwarx 3,0,5,1
	ldarx 3,0,5,1
	sync
	lwsync
	ptesync
	eieio
	isync
	cmpw 3,4
	cmpwi 3,-5
	cmplw 3,4
	cmplwi 3,5
	cmpd 3,4
	cmpdi 3,-5
	cmpld 3,4
	cmpldi 3,0xffff
	cmpd cr7,3,4
	cmpldi cr1,3,5
1:	b 1b
	b .+0x1000
	bl 1b
	bl .+0x100000
	ba 0x100
	bla 0x100
	bcl 20,31,.+4
	.irp op,beq,bne,blt,bgt,ble,bge,bso,bns
	\op 1b
	\op cr7,.+16
	\op\()lr
	.endr
	beq+ 1b
	bne- .+16
	beqlr+
	bdnz 1b
	bdz 1b
	bdnzt eq,1b
	beqctr
	blr
	blrl
	bctr
	bctrl
	.long 0x4e800460
	.long 0x40a0fff0
	.long 0x41b9fff0
	mflr 0
	mtlr 0
	mtctr 12
	mfctr 3
	mfcr 3
	mfocrf 3,0x80
	mtocrf 0x80,3
	mfxer 3
	mftb 3
	mfmsr 3
	mtmsrd 3
	mtmsrd 3,1
	isel 3,4,5,eq
	isel 3,4,5,lt
	isel 3,4,5,gt
	isel 3,4,5,4*cr1+so
	setb 3,0
	setbc 3,eq
	cror eq,lt,gt
	crnot eq,lt
	crclr eq
	crset eq
	crmove eq,lt
	mcrf 0,1
	trap
	twi 31,0,0
	tdi 31,3,5
	tdeqi 3,5
	twlgei 3,5
	tdnei 3,0
	tw 4,3,4
	td 31,3,4
	tdeq 3,4
	sc
	scv 0
	rfid
	dcbz 0,4
	dcbf 0,4
	icbi 0,4
	paddi 3,4,0x12345678,0
	paddi 3,0,0x1234567,1
	pli 3,-70000
	pla 3,.+0x10000
	pld 3,.+0x10000
	pld 3,70000(4)
	pstd 3,-70000(4)
	plwz 3,70000(4)
	plwa 3,70000(4)
	plbz 3,70000(4)
	plhz 3,70000(4)
	plha 3,70000(4)
	pstw 3,70000(4)
	pstb 3,70000(4)
	psth 3,70000(4)
	nop
	pnop
	lfd 1,8(3)
	fadd 1,2,3
	stfd 1,8(3)
	fmr 1,2
	lvx 1,3,4
	xxlxor 1,2,3
	lxvd2x 1,3,4
	lxv 1,16(3)
	xxlnot 1,2
	xxmrghd 1,2,3
	maddld 3,4,5,6
	addpcis 3,5
	darn 3,1
	hashst 0,-8(1)
	hashchk 0,-8(1)
	slbie 3
	tlbie 3,4
	wait
	mtfsf 255,1
	vaddudm 1,2,3
