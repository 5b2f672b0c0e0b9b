# In a kernel with KCSAN, in the root of the source tree: the cards are used by
# several programs at once, on two processors, then by the fuzzer. What the kernel
# reports is in its log. Usage: sh tests/vm/races.sh SECONDS FUZZER CALLS KERNEL-TREE
set -e
seconds=$1 fuzzer=$2 calls=$3 tree=$4
# One of so many accesses is watched; 4000 if nobody says so.
echo 50 > /sys/module/kcsan/parameters/skip_watch
echo on > /sys/kernel/debug/kcsan
insmod "build/$(uname -r)/snd-wavepci.ko"
for module in hda/snd-hda-core pci/hda/snd-hda-codec pci/hda/snd-hda-codec-generic; do
	insmod "$tree/sound/$module.ko"
done

sound() {	# the card's number
	for turn in 1 2 3; do
		timeout "$seconds" aplay -q -D "hw:$1" -t raw -f S16_LE -c 2 -r 48000 \
			--period-size=256 --buffer-size=1024 -d 1 /dev/zero &
		timeout "$seconds" arecord -q -D "hw:$1" -t raw -f S16_LE -c 2 -r 48000 \
			--period-size=256 --buffer-size=1024 -d 1 /dev/null &
		amixer -q -c "$1" contents > /dev/null 2>&1 || true
		cat /proc/asound/card"$1"/pcm0?/sub0/status > /dev/null
		wait
	done
}

fuzz() {	# the card's number, a seed
	if ! "$fuzzer" --card "$1" --seed "$2" --calls "$calls" > /tmp/said; then
		cat /tmp/said
		return 1
	fi
	tail -n 3 /tmp/said
}

for settings in '' streaming=1 timer_service=1; do
	insmod "build/$(uname -r)/snd-wavepci-ich.ko" index=0
	# shellcheck disable=SC2086
	insmod "build/$(uname -r)/snd-wavepci-loopback.ko" index=1 $settings
	insmod "build/$(uname -r)/snd-wavepci-hda.ko" index=2
	sound 0 &
	sound 2 &
	sound 1
	wait
	fuzz 0 2
	fuzz 1 4
	fuzz 2 6
	rmmod snd-wavepci-ich snd-wavepci-loopback snd-wavepci-hda
done
rmmod snd-wavepci
cat /sys/kernel/debug/kcsan
echo off > /sys/kernel/debug/kcsan
