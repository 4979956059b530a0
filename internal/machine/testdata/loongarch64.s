	# What arch/loongarch/net emits, and its surroundings.
	.irp op,add.w,add.d,sub.w,sub.d,and,or,xor,nor,andn,orn,slt,sltu,sll.w,srl.w,sra.w,sll.d,srl.d,sra.d,rotr.w,rotr.d,mul.w,mul.d,mulh.d,mulh.du,mulh.w,div.w,div.d,div.wu,div.du,mod.w,mod.d,mod.wu,mod.du,maskeqz,masknez
	\op $a0, $a1, $a2
	\op $t8, $s5, $zero
	.endr
	.irp op,addi.w,addi.d,slti,sltui
	\op $a0, $a1, -12
	.endr
	.irp op,andi,ori,xori
	\op $a0, $a1, 0xabc
	.endr
	.irp op,slli,srli,srai,rotri
	\op\().w $a0, $a1, 5
	\op\().d $a0, $a1, 45
	.endr
	.irp op,lu12i.w,lu32i.d,pcaddi,pcaddu12i,pcaddu18i,pcalau12i
	\op $t1, -3
	\op $a0, 0x12345
	.endr
	lu52i.d $t1, $t1, -1
	lu52i.d $t1, $zero, 0x7f0
	addu16i.d $a0, $a1, 5
	li.w $a0, 5
	li.w $a0, 0xabc
	li.d $a0, -5
	li.d $a0, 0xabc
	move $a0, $a1
	move $a0, $zero
	nop
	andi $zero, $zero, 0x400
	ret
	jr $t1
	jirl $ra, $t1, 0
	jirl $ra, $t1, 16
	jirl $zero, $t1, -16
	jirl $t0, $t1, 0
1:	b 1b
	b .+0x4000
	bl 1b
	bl .+0x100000
	.irp op,beq,bne,blt,bge,bltu,bgeu
	\op $a0, $a1, 1b
	\op $a0, $t1, .+0x400
	.endr
	.irp op,beqz,bnez,bltz,bgez,blez,bgtz
	\op $a0, 1b
	.endr
	beqz $a0, .+0x40000
	bceqz $fcc1, 1b
	bcnez $fcc2, 1b
	.irp op,ld.b,ld.h,ld.w,ld.d,ld.bu,ld.hu,ld.wu,st.b,st.h,st.w,st.d,ldl.w,ldr.w,ldl.d,ldr.d,stl.w,str.w,stl.d,str.d
	\op $a0, $sp, -8
	\op $t0, $fp, 16
	.endr
	.irp op,ldptr.w,ldptr.d,stptr.w,stptr.d,ll.w,ll.d,sc.w,sc.d
	\op $a0, $a1, 8
	.endr
	.irp op,ldx.b,ldx.h,ldx.w,ldx.d,ldx.bu,ldx.hu,ldx.wu,stx.b,stx.h,stx.w,stx.d
	\op $a0, $a1, $a2
	.endr
	.irp op,amadd,amand,amor,amxor,amswap,ammax,ammin,amcas
	\op\().w $a0, $a2, $a1
	\op\().d $a0, $a2, $a1
	\op\()_db.w $a0, $a2, $a1
	\op\()_db.d $a0, $a2, $a1
	.endr
	.irp op,ammax,ammin
	\op\()_db.wu $a0, $a2, $a1
	\op\()_db.du $a0, $a2, $a1
	\op\().wu $a0, $a2, $a1
	\op\().du $a0, $a2, $a1
	.endr
	.irp op,amadd,amswap,amcas
	\op\().b $a0, $a2, $a1
	\op\().h $a0, $a2, $a1
	\op\()_db.b $a0, $a2, $a1
	\op\()_db.h $a0, $a2, $a1
	.endr
	.irp op,ext.w.b,ext.w.h,revb.2h,revb.4h,revb.2w,revb.d,revh.2w,revh.d,clo.w,clz.w,ctz.w,clo.d,clz.d,ctz.d,bitrev.4b,bitrev.d
	\op $a0, $a1
	.endr
	alsl.w $a0, $a1, $a2, 2
	alsl.wu $a0, $a1, $a2, 2
	alsl.d $a0, $a1, $a2, 3
	bytepick.d $a0, $a1, $a2, 3
	bstrpick.d $a0, $a1, 31, 0
	bstrpick.w $a0, $a1, 15, 8
	bstrins.d $a0, $a1, 63, 32
	bstrins.d $a0, $zero, 63, 32
	bstrins.w $a0, $a1, 3, 1
	dbar 0
	dbar 0x700
	ibar 0
	break 0
	break 4
	syscall 0
	llacq.w $a0, $a1
	llacq.d $a0, $a1
	screl.w $a0, $a1
	screl.d $a0, $a1
	sc.q $a0, $a2, $a1
	rdtime.d $a0, $a1
	rdtime.d $a0, $zero
	cpucfg $a0, $a1
	csrrd $a0, 0x30
	csrwr $a0, 0x30
	csrxchg $a0, $a1, 0x30
	preld 0, $a0, 8
	ertn
	idle 0
	fld.d $fa0, $a0, 8
	fadd.d $fa0, $fa1, $fs2
	movgr2fr.d $fa0, $a0
	adc.d $a0, $a1, $a2
	sbc.w $a0, $a1, $a2
	asrtle.d $a0, $a1
