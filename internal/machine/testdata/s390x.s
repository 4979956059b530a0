	# What arch/s390/net/bpf_jit_comp.c emits, and its surroundings.
	.irp op,ar,sr,nr,or,xr,lr,cr,clr,lcr,ltr,dr,mr,alr,slr,basr
	\op %r2,%r3
	.endr
	.irp op,agr,sgr,ngr,ogr,xgr,lgr,cgr,clgr,lcgr,ltgr,lgfr,llgfr,lgbr,lghr,llgcr,llghr,lbr,lhr,llcr,llhr,lrvr,lrvgr,msr,msgr,msgfr,agfr,algr,slgr,alcgr,slbgr,dsgr,dsgfr,dlgr,dlr,mlgr,lngr,lpgr,flogr
	\op %r2,%r13
	.endr
	.irp op,ark,agrk,srk,sgrk,nrk,ngrk,ork,ogrk,xrk,xgrk,algrk,slgrk
	\op %r2,%r3,%r4
	.endr
	.irp op,ahi,aghi,lhi,lghi,mhi,mghi,chi,cghi
	\op %r2,-12
	\op %r14,0x7fff
	.endr
	.irp op,afi,agfi,algfi,alfi,slgfi,slfi,msfi,msgfi,cfi,cgfi,lgfi
	\op %r2,123456
	.endr
	.irp op,cgfi,agfi,lgfi
	\op %r2,-123456
	.endr
	.irp op,clfi,clgfi,nilf,nihf,oilf,oihf,xilf,xihf,iilf,iihf,llilf,llihf
	\op %r2,0x89abcdef
	\op %r2,1
	.endr
	.irp op,nill,nilh,nihl,nihh,oill,oilh,oihl,oihh,iill,iilh,iihl,iihh,llill,llilh,llihl,llihh
	\op %r2,0xabcd
	\op %r3,5
	.endr
	.irp op,l,st,a,s,n,o,x,c,lh,sth,stc,ic,la,al,sl,cl,ms
	\op %r2,12(%r3,%r4)
	\op %r2,12(%r3)
	\op %r2,4095
	.endr
	.irp op,lg,stg,lgf,llgf,llgc,llgh,lgb,lgh,ly,sty,sthy,stcy,icy,lhy,lb,lay,ag,sg,ng,og,xg,cg,clg,agf,msg,lrvg,lrv,lrvh,strv,strvg,strvh,ltg,lt,lgat,dsg,dsgf,dlg,dl,lpq
	\op %r2,-12(%r4,%r15)
	\op %r2,160(%r15)
	.endr
	lg %r1,8(%r2,0)
	mvghi 8(%r15),-5
	mvhi 8(%r15),5
	mvhhi 8(%r15),5
	mvi 8(%r15),255
	mviy -8(%r15),5
	mvc 152(4,%r15),32(%r15)
	mvc 8(8,%r1),0(%r2)
	xc 152(4,%r15),152(%r15)
	xc 0(8,%r1),0(%r1)
	clc 0(8,%r1),0(%r2)
	tm 4(%r1),128
	ni 4(%r1),127
	oi 4(%r1),129
	xi 4(%r1),129
	cli 4(%r1),129
	tmll %r1,255
	tmhh %r1,0x8000
	stmg %r6,%r15,88(%r15)
	lmg %r6,%r15,120(%r15)
	stmg %r2,%r14,96(%r15)
	lm %r2,%r3,4(%r5)
	stm %r2,%r3,4(%r5)
	.irp op,sll,srl,sra,sla
	\op %r2,3
	\op %r2,0(%r3)
	.endr
	.irp op,sllg,srlg,srag,slag,sllk,srlk,srak,rllg,rll
	\op %r2,%r3,12
	\op %r2,%r3,0(%r4)
	.endr
	.irp op,laa,laag,laal,laalg,lan,lang,lao,laog,lax,laxg
	\op %r2,%r3,-8(%r4)
	.endr
	cs %r2,%r3,8(%r4)
	csy %r2,%r3,-8(%r4)
	csg %r2,%r3,-8(%r4)
	cdsg %r2,%r4,8(%r5)
	.irp op,risbg,risbgn,rosbg,rnsbg,rxsbg
	\op %r2,%r3,4,63,16
	\op %r2,%r3,32,63,0
	.endr
	risbgz %r2,%r3,32,63,0
	risbhg %r2,%r3,0,31,32
	risblg %r2,%r3,0,31,32
	basr %r14,%r1
	basr %r5,0
	basr %r0,%r1
	.irp m,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	bcr \m,%r7
	brc \m,.+8
	brcl \m,.-0x1000
	bc \m,8(%r3)
	crj %r1,%r2,\m&14,.+8
	clgij %r1,7,\m&14,.-8
	locgr %r1,%r2,\m
	.endr
	bcr 14,%r0
	bcr 15,%r0
	nopr
	jnop .+6
	br %r14
	brasl %r14,.-0x12345678
	brasl %r0,.+6
	bras %r14,.+0x100
	larl %r12,.+0x200
	lgrl %r1,.+0x300
	lgfrl %r1,.+0x300
	llgfrl %r1,.+0x300
	lrl %r1,.+0x300
	stgrl %r1,.+0x300
	cgrl %r1,.+0x300
	exrl %r1,.+0x300
	ex %r1,8(%r2)
	.irp op,cgrj,clgrj,crj,clrj
	\op %r1,%r2,8,.-8
	\op %r1,%r2,6,.+0x100
	.endr
	.irp op,cgij,cij
	\op %r1,-7,8,.-8
	.endr
	.irp op,clgij,clij
	\op %r1,200,4,.-8
	.endr
	brct %r1,.-8
	brctg %r1,.-8
	locr %r1,%r2,4
	locghi %r1,7,8
	stck 8(%r15)
	stckf 8(%r15)
	ear %r1,%a0
	sar %a0,%r1
	ipm %r1
	epsw %r1,%r2
	stfle 8(%r1)
	svc 1
	tend
	etnd %r1
	ltgf %r1,8(%r2)
	cgh %r1,8(%r2)
	popcnt %r1,%r2
	ncgrk %r1,%r2,%r3
	nngrk %r1,%r2,%r3
	nogrk %r1,%r2,%r3
	nxgrk %r1,%r2,%r3
	ocgrk %r1,%r2,%r3
	selgre %r1,%r2,%r3
	mgrk %r2,%r3,%r4
	lpsw 8(%r1)
	lctlg %c0,%c1,8(%r1)
	diag %r1,%r2,0x44
	ld %f0,8(%r1)
	adbr %f0,%f2
	vl %v1,0(%r1)
	vst %v17,0(%r1)
	vaf %v1,%v2,%v3
