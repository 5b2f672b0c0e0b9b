# SPDX-License-Identifier: GPL-2.0
#
# WavePci for Linux. `make help` tells what there is.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
BUILD := build/$(KVER)
# What the port can do without, see Kconfig: `make modules PARTS=` is the smallest.
PARTS := REGISTRY TRACE VERIFIER
CONFIG := CONFIG_SND_WAVEPCI=m CONFIG_SND_WAVEPCI_ICH=m $(PARTS:%=CONFIG_SND_WAVEPCI_%=y) \
	  CONFIG_SND_WAVEPCI_LOOPBACK=m $(shell scripts/lib/has-hda $(KDIR)) WAVEPCI_VERSION=$(VERSION)
# Modules for a kernel that clang has built, unless somebody says by what.
COMPILER = $(if $(LLVM)$(filter command%,$(origin CC)),,$(shell scripts/lib/compiler $(KDIR)))
PLACES = KVER='$(KVER)' KDIR='$(KDIR)' PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)'

# A tree of links for each kernel, so that several can be built side by side.
modules:
	@scripts/lib/check-kernel $(KVER) $(KDIR)
	@mkdir -p $(BUILD)
	@rm -f $(BUILD)/*.ko
	@cp -rsf $(CURDIR)/src $(CURDIR)/include $(BUILD)/
	@$(MAKE) -C $(KDIR) M=$(CURDIR)/$(BUILD)/src $(COMPILER) $(CONFIG) $(KFLAGS) modules
	@cp -f $(BUILD)/src/*.ko $(BUILD)/src/*/*.ko $(BUILD)/

help:
	@echo 'make [KVER=release]         the modules, in build/<release>/'
	@echo 'make install [KVER=release] install them, for that kernel, and wavepci-bind'
	@echo 'make uninstall              remove them, from all kernels'
	@echo 'make deb                    a Debian package, which builds them with DKMS'
	@echo 'make demo [WAV=file] [CARD=hda]  play and record on an emulated card; look into demo/'
	@echo 'make check                  all tests'
	@echo 'make torture                what takes hours: a million calls to each card, and more'
	@echo 'make soak HOURS=n           play and record for hours under load, n of sound'
	@echo 'make check-debian           the Debian package on a whole system, which takes long'
	@echo 'make check-arches           i386 and arm64: compile the modules, boot, play'
	@echo 'make check-tree             the drivers in a kernel tree, built in and as modules'
	@echo 'make check-clang            play in a kernel that clang has built, and that checks each call'
	@echo 'make check-servers          PulseAudio, PipeWire, JACK and others play for hours'
	@echo 'make check-next             compile by the headers of kernels to come; part of check'
	@echo 'make bench                  what a period costs, here and in the mainline driver'
	@echo 'make clean                  remove what was built'

install:
	@$(PLACES) scripts/lib/install

uninstall:
	@$(PLACES) scripts/lib/install --remove

deb:
	@scripts/packages deb
	@scripts/lib/deb $(VERSION)

demo:
	@scripts/packages demo
	@CARD='$(CARD)' scripts/demo $(WAV)

check:
	@scripts/packages check
	@scripts/check

torture:
	@scripts/packages check
	@scripts/torture

soak:
	@scripts/packages check
	@scripts/soak --hours $(or $(HOURS),0.5)

check-debian:
	@scripts/packages debian
	@scripts/lib/check-debian

check-arches check-tree check-clang check-servers:
	@scripts/packages $(@:check-%=%)
	@/usr/bin/python3 -m pytest tests/$(@:check-%=%) -q -ra -p no:cacheprovider

check-next:
	@scripts/packages check
	@/usr/bin/python3 -m pytest tests/test_next.py -q -ra -p no:cacheprovider

bench:
	@scripts/packages bench
	@scripts/bench

clean:
	rm -rf build demo bench

.PHONY: modules help install uninstall deb demo check torture soak check-debian check-tree check-arches check-clang check-servers check-next bench clean
