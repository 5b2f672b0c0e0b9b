# The sound servers and mixers that people have, in a guest: each plays $OUT/signal.wav.
# Usage: . servers.sh, then one of the functions. Logs go to $OUT.

export XDG_RUNTIME_DIR=/dev/shm/run HOME=/dev/shm/home JACK_NO_AUDIO_RESERVATION=1
export PULSE_RUNTIME_PATH=$XDG_RUNTIME_DIR/pulse
# Without the first four WirePlumber finds no logind, and ends.
mkdir -p /run/systemd/seats /run/systemd/sessions /run/systemd/users /run/systemd/machines \
	/run/udev $XDG_RUNTIME_DIR $HOME

# A guest whose time goes by instructions is late after each look at a host's file.
SOUND=/dev/shm
cp $OUT/signal.wav $OUT/second.wav $SOUND

# Until a command works, for as long as the server is there.
until_works() {		# server, command
	server=$1
	shift
	until "$@" >/dev/null 2>&1; do
		kill -0 $server
		sleep 0.1
	done
}

# What a server says when it is ended is no more about playing.
end() {
	cp $OUT/server $OUT/server.log
	kill "$@"
	wait "$@" || true
}

# Count the xruns, whichever driver it is, without the first two seconds and the last one:
# then a server or a player that comes or goes keeps the others waiting. So would a program
# that has to be read from the host while they play, and whatever they say.
TRACING=/sys/kernel/tracing
echo 'p:xrun __snd_pcm_xrun' >$TRACING/kprobe_events
echo 1 >$TRACING/events/kprobes/xrun/enable
count_xruns() {
	while read event hits missed; do
		[ $event != xrun ] || xruns=$hits
	done <$TRACING/kprobe_profile
}
steady() {		# seconds, command
	seconds=$1
	shift
	sleep 0
	"$@" >$SOUND/player 2>&1 & player=$!
	sleep 2
	count_xruns
	before=$xruns
	sleep $((seconds - 3))
	count_xruns
	wait $player || { cat $SOUND/player; exit 1; }
	echo "xruns: $((xruns - before))"
}
play() { steady $((SECONDS_OF_SOUND + 1)) "$@"; }

# A card holds back what it was given last, until there is more.
flush() { aplay -q -D "$1" -f dat -d 1 /dev/zero; }

pulse() {		# by timers: 1 or 0
	pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --log-level=info \
		-L "module-alsa-sink device=hw:0,0 rate=48000 tsched=$1" \
		-L module-native-protocol-unix >$OUT/server 2>&1 & server=$!
	until_works $server pactl info
	play paplay $SOUND/signal.wav
	sleep 1
	end $server
}

wireplumber_pipewire() {
	/lib/systemd/systemd-udevd --daemon 2>/dev/null
	udevadm trigger --subsystem-match=sound --action=add
	until udevadm info /sys/class/sound/card0 | grep -q SOUND_INITIALIZED; do sleep 0.1; done
	export DBUS_SESSION_BUS_ADDRESS=unix:path=$XDG_RUNTIME_DIR/bus
	dbus-daemon --session --fork --address=$DBUS_SESSION_BUS_ADDRESS
	pipewire >$OUT/server 2>&1 & server=$!
	until_works $server wpctl status
	wireplumber >$OUT/wireplumber.log 2>&1 & manager=$!
	until_works $manager wpctl set-volume @DEFAULT_AUDIO_SINK@ 1.0
	play pw-cat --playback $SOUND/signal.wav
	sleep 1
	wpctl status
	end $manager $server
}

# Where what is played is kept in a file, nothing is recorded: it would wait for that.
jack() {		# frames in a period
	jackd -R -d alsa -P hw:0 -p $1 -n 2 -r 48000 >$OUT/server 2>&1 & server=$!
	until_works $server jack_lsp
	play sndfile-jackplay --autoconnect=system:playback_%d $SOUND/signal.wav
	end $server
	flush hw:0
}

# Nothing is recorded from a file's card, but from one that has silence.
dsnoop() {
	jackd -R -d alsa -d hw:0 -p 256 -n 2 >$OUT/server 2>&1 & server=$!
	until_works $server jack_lsp
	steady 10 sleep 10
	end $server
	rm $SOUND/*.wav
	for file in 1 2 3; do
		arecord -q -D dsnoop -f dat -d $SECONDS_OF_SOUND $SOUND/recorded$file.wav &
		pids="$pids $!"
	done
	play sleep 1
	for pid in $pids; do wait $pid; done
	mv $SOUND/*.wav $OUT
}

dmix() {
	aplay -q -D dmix -f dat $SOUND/signal.wav & pids=$!
	sleep 1			# so that one is heard alone at first
	play aplay -q -D dmix -f dat $SOUND/second.wav
	wait $pids
	flush hw:0
}

loop() {		# where is played, where recorded
	alsaloop -C $2 -P hw:0 -f S16_LE -r 48000 -c 2 -t 200000 -S none \
		>$OUT/server 2>&1 & server=$!
	# Beside snd-aloop it plays when somebody else does.
	until_works $server grep -q '^state' /proc/asound/card0/pcm0p/sub0/status
	play aplay -q -D $1 $SOUND/signal.wav
	sleep 1
	end $server
	flush hw:0
}
