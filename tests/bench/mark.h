/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks: instructions that do nothing but carry a number, for count.c to see.
 *
 * It is `nopl disp32(%rax,%rax,1)`, whose displacement nobody looks at.
 */
#ifndef _TESTS_BENCH_MARK_H
#define _TESTS_BENCH_MARK_H

#define MARK_CODE	"\x0f\x1f\x84\x00"
#define MARK_MAGIC	0x57500000u
#define MARK_MASK	0xffff0000u

#define MARK_END	0	/* write down no more what is executed */
#define MARK_BEGIN	1
/* Others only divide what is written down. */

#define mark(number) \
	asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long %c0" \
		     : : "i"(MARK_MAGIC | (number)) : "memory")

#endif
