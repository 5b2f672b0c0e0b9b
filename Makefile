# SPDX-License-Identifier: GPL-2.0
#
# WavePci for Linux. `make help` tells what there is.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build

BUILD := build/$(KVER)
CONFIG := CONFIG_SND_WAVEPCI=m CONFIG_SND_WAVEPCI_ICH=m \
	  CONFIG_SND_WAVEPCI_LOOPBACK=m

help:
	@echo 'make demo [WAV=file]        play and record on an emulated card; look into demo/'
	@echo 'make check                  all tests'
	@echo 'make bench                  what a period costs, here and in the mainline driver'
	@echo 'make modules [KVER=release] the modules, in build/<release>/'
	@echo 'make clean                  remove what was built'

# A tree of links for each kernel, so that several can be built side by side.
modules:
	@test -e $(KDIR)/Makefile || { \
		echo "no headers of kernel $(KVER): try: sudo apt-get install linux-headers-$(KVER)" >&2; \
		exit 1; }
	@mkdir -p $(BUILD)
	@rm -f $(BUILD)/*.ko
	@cp -rsf $(CURDIR)/src $(CURDIR)/include $(BUILD)/
	@$(MAKE) -C $(KDIR) M=$(CURDIR)/$(BUILD)/src $(CONFIG) $(KFLAGS) modules
	@cp -f $(BUILD)/src/*/*.ko $(BUILD)/

demo:
	@scripts/packages demo
	@scripts/demo $(WAV)

check:
	@scripts/packages check
	@scripts/check

bench:
	@scripts/packages check
	@scripts/bench

clean:
	rm -rf build demo bench

.PHONY: help modules demo check bench clean
