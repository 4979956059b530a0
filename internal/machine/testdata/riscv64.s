	# What arch/riscv/net emits, and its surroundings.
	.option norelax
	.option push
	.option norvc
	.irp op,add,sub,and,or,xor,sll,srl,sra,slt,sltu,mul,mulh,mulhu,mulhsu,div,divu,rem,remu
	\op a0,t4,a2
	.endr
	.irp op,addw,subw,sllw,srlw,sraw,mulw,divw,divuw,remw,remuw
	\op a0,t4,t5
	.endr
	.irp op,addi,andi,ori,xori,slti,sltiu
	\op a0,t4,-77
	.endr
	.irp op,slli,srli,srai
	\op a0,t4,40
	\op\()w a0,t4,20
	.endr
	.irp op,lb,lh,lw,ld,lbu,lhu,lwu,sb,sh,sw,sd
	\op t4,-12(s7)
	\op a0,0(zero)
	.endr
	nop
	li a0,5
	lui a0,0x12345
	lui a0,0xfffff
	auipc t1,0x7
	auipc t1,0xfffff
	addiw a0,a1,12
	sext.w a0,a1
	mv a0,a1
	not a0,a1
	neg a0,a1
	negw a0,a1
	seqz a0,a1
	snez a0,a1
	sltz a0,a1
	sgtz a0,a1
	jal ra,.+8
	jal t0,.+0x100
	j .-8
	jalr ra,24(t1)
	jalr t0,-8(t1)
	jalr t1
	jalr t0,0(t1)
	jalr zero,12(t1)
	jr t3
	ret
1:	beq a0,a1,1b
	bne a0,a1,1b
	blt a0,a1,1b
	bge a0,a1,.+0x400
	bltu a0,a1,1b
	bgeu a0,a1,.+16
	beqz a0,1b
	bnez a0,1b
	bltz a0,1b
	bgez a0,1b
	blez a0,1b
	bgtz a0,1b
	.option pop
	# short forms
	c.nop
	c.addi a0,-3
	c.addiw a0,-3
	c.addiw a0,0
	c.li a0,-5
	c.lui a0,5
	c.lui a0,0xffff0
	c.addi16sp sp,-64
	c.addi4spn a0,sp,16
	c.slli a0,33
	c.srli a0,33
	c.srai a0,3
	c.andi a0,-4
	c.and a0,a1
	c.or a0,a1
	c.xor a0,a1
	c.sub a0,a1
	c.subw a0,a1
	c.addw a0,a1
	c.add a0,t4
	c.mv a0,t4
	c.lw a0,4(a1)
	c.ld a0,8(a1)
	c.sw a0,4(a1)
	c.sd a0,8(a1)
	c.lwsp t4,12(sp)
	c.ldsp t4,16(sp)
	c.swsp t4,12(sp)
	c.sdsp t4,16(sp)
	c.j .+0x40
	c.j .-0x40
	c.beqz a0,.+0x20
	c.bnez a5,.-0x20
	c.jr t1
	c.jr ra
	c.jalr t1
	c.ebreak
	c.lbu a0,1(a1)
	c.lhu a0,2(a1)
	c.lh a0,0(a1)
	c.sb a0,3(a1)
	c.sh a0,2(a1)
	c.zext.b a0
	c.sext.b a0
	c.zext.h a0
	c.sext.h a0
	c.zext.w a0
	c.not a0
	c.mul a0,a1
	c.fld fa0,8(a1)
	# Zba, Zbb, Zbs, Zbkb, Zicond
	.irp op,sh1add,sh2add,sh3add,add.uw,sh1add.uw,sh2add.uw,sh3add.uw,andn,orn,xnor,max,maxu,min,minu,rol,ror,rolw,rorw,bset,bclr,binv,bext,pack,packh,packw,clmul,clmulh,czero.eqz,czero.nez
	\op a0,t4,a2
	.endr
	.irp op,clz,ctz,cpop,clzw,ctzw,cpopw,sext.b,sext.h,zext.h,zext.w,rev8,orc.b,brev8
	\op a0,t4
	.endr
	rori a0,t4,7
	roriw a0,t4,7
	slli.uw a0,t4,7
	bseti a0,t4,7
	bexti a0,t4,7
	zext.b a0,t4
	# A, Zacas, Zabha
	.irp s,b,b.aq,b.rl,b.aqrl,h,h.aq,h.rl,h.aqrl,w,w.aq,w.rl,w.aqrl,d,d.aq,d.rl,d.aqrl
	amoadd.\s a0,a1,(a2)
	amoswap.\s a0,a1,(a2)
	amoand.\s a0,a1,(a2)
	amoor.\s a0,a1,(a2)
	amoxor.\s a0,a1,(a2)
	amomin.\s a0,a1,(a2)
	amomax.\s a0,a1,(a2)
	amominu.\s a0,a1,(a2)
	amomaxu.\s a0,a1,(a2)
	amocas.\s a0,a1,(a2)
	.endr
	.irp o,,.aq,.rl,.aqrl
	amocas.q\o a0,a2,(a4)
	lr.w\o a0,(a1)
	lr.d\o a0,(a1)
	sc.w\o a0,a2,(a1)
	sc.d\o a0,a2,(a1)
	.endr
	fence
	fence rw,rw
	fence rw,w
	fence r,rw
	fence r,r
	fence w,w
	fence.tso
	fence.i
	pause
	ecall
	ebreak
	unimp
	csrr a0,time
	csrr a0,cycle
	csrw sscratch,a0
	csrrs a0,sstatus,a1
	csrci sstatus,2
	csrr a0,0x800
	mop.r.3 a0,a1
	mop.rr.2 a0,a1,a2
	c.mop.5
	ntl.p1
	c.ntl.all
	wrs.nto
	prefetch.w 32(a0)
	cbo.zero (a0)
	fadd.d fa0,fa1,fs2
	fld fa0,8(a0)
	fmv.x.d a0,fa0
	sret
	wfi
	sfence.vma
