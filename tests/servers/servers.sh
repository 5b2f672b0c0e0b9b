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

# A card holds back what it was given last, until there is more.
flush() { aplay -q -D "$1" -f dat -d 1 /dev/zero; }

pulse() {		# by timers: 1 or 0
	pulseaudio -n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --log-level=info \
		-L "module-alsa-sink device=hw:0,0 rate=48000 tsched=$1" \
		-L module-native-protocol-unix >$OUT/server 2>&1 & server=$!
	until_works $server pactl info
	paplay $SOUND/signal.wav
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
	pw-cat --playback $SOUND/signal.wav
	sleep 1
	wpctl status
	end $manager $server
}

# Where what is played is kept in a file, nothing is recorded: it would wait for that.
jack() {		# frames in a period
	jackd -r -d alsa -P hw:0 -p $1 -n 2 -r 48000 >$OUT/server 2>&1 & server=$!
	until_works $server jack_lsp
	sndfile-jackplay --autoconnect=system:playback_%d $SOUND/signal.wav
	end $server
	flush hw:0
}

# Nothing is recorded from a file's card, but from one that has silence.
dsnoop() {
	jackd -r -d alsa -d hw:0 -p 256 -n 2 >$OUT/server 2>&1 & server=$!
	until_works $server jack_lsp
	sleep 10
	end $server
	rm $SOUND/*.wav
	for file in 1 2 3; do
		arecord -q -D dsnoop -f dat -d $SECONDS_OF_SOUND $SOUND/recorded$file.wav &
		pids="$pids $!"
	done
	for pid in $pids; do wait $pid; done
	mv $SOUND/*.wav $OUT
}

dmix() {
	aplay -q -D dmix -f dat $SOUND/signal.wav & pids=$!
	sleep 1			# so that one is heard alone at first
	aplay -q -D dmix -f dat $SOUND/second.wav & pids="$pids $!"
	for pid in $pids; do wait $pid; done
	flush hw:0
}

loop() {		# where is played, where recorded
	alsaloop -C $2 -P hw:0 -f S16_LE -r 48000 -c 2 -t 200000 -S none \
		>$OUT/server 2>&1 & server=$!
	until_works $server grep -q RUNNING /proc/asound/card0/pcm0p/sub0/status
	aplay -q -D $1 $SOUND/signal.wav
	sleep 1
	end $server
	flush hw:0
}
