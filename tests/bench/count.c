// SPDX-License-Identifier: GPL-2.0
/*
 * A plugin for QEMU that writes down what the guest executes: each block of
 * instructions, and how many were executed before it.
 *
 * It does so between two marks. A mark is an instruction that does nothing but
 * carry a number, see mark.h: any program in the guest can execute one.
 *
 * The counts are exact: each instruction counts itself when it is executed. A
 * block may be left early, so its length says nothing.
 *
 * QEMU's header for plugins isn't in Debian; what is declared here is all that
 * is used of its interface, in version 1.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mark.h"

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_info_t;

typedef void block_translated(uint64_t id, struct qemu_plugin_tb *block);
typedef void executed(unsigned int cpu, void *data);

enum { INLINE_ADD_U64 };	/* enum qemu_plugin_op */
enum { NO_REGS };		/* enum qemu_plugin_cb_flags */

void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id, block_translated *cb);
void qemu_plugin_register_atexit_cb(uint64_t id,
				    void (*cb)(uint64_t id, void *data),
				    void *data);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block,
					  executed *cb, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    executed *cb, int flags,
					    void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *counter,
						uint64_t add);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t n);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

#define EXPORT __attribute__((visibility("default")))

EXPORT int qemu_plugin_version = 1;

/* What is written: a block and where it ends, or a mark, which ends at 0. */
struct record {
	uint64_t address;
	uint64_t end;
	uint64_t count;
};

static FILE *out;
static bool recording;
static uint64_t count;

static void write_record(uint64_t address, uint64_t end)
{
	struct record record = { address, end, count };

	fwrite(&record, sizeof(record), 1, out);
}

static void on_block(unsigned int cpu, void *data)
{
	const struct record *block = data;

	(void)cpu;
	if (recording)
		write_record(block->address, block->end);
}

static void on_mark(unsigned int cpu, void *data)
{
	uint64_t number = (uintptr_t)data;

	(void)cpu;
	if (number == MARK_BEGIN)
		recording = true;
	write_record(number, 0);
	if (number == MARK_END)
		recording = false;
}

static void look_for_mark(struct qemu_plugin_insn *insn)
{
	const unsigned char *code = qemu_plugin_insn_data(insn);
	uint32_t number;

	if (qemu_plugin_insn_size(insn) != 8 || memcmp(code, MARK_CODE, 4))
		return;
	memcpy(&number, code + 4, sizeof(number));
	if ((number & MARK_MASK) == MARK_MAGIC)
		qemu_plugin_register_vcpu_insn_exec_cb(insn, on_mark, NO_REGS,
				(void *)(uintptr_t)(number & ~MARK_MASK));
}

static void on_translation(uint64_t id, struct qemu_plugin_tb *tb)
{
	struct record *block = malloc(sizeof(*block));	/* for good */
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	if (!block)
		abort();
	block->address = qemu_plugin_tb_vaddr(tb);
	block->end = block->address;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, NO_REGS, block);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		block->end += qemu_plugin_insn_size(insn);
		qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64,
							   &count, 1);
		look_for_mark(insn);
	}
}

static void on_end(uint64_t id, void *data)
{
	(void)id;
	(void)data;
	fclose(out);
}

EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info_t *info,
			       int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	if (!out)
		return -1;
	setvbuf(out, NULL, _IOFBF, 1 << 20);
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	qemu_plugin_register_atexit_cb(id, on_end, NULL);
	return 0;
}
