"""Loading, playing and unloading leaves nothing behind."""

import guest
from spared import spare

RELOAD = '''
objects() { grep -cE 'wavepci|ac97' /proc/ioports /proc/interrupts || true; }
modprobe -q snd || true   # or built in
before=$(objects; cat /proc/asound/cards)
for i in $(seq {TIMES}); do
    {LOAD}
    aplay -q -D hw:0 -t raw -f S16_LE -c 2 -r 48000 -d 1 /dev/zero
    {UNLOAD}
done
test "$(objects; cat /proc/asound/cards)" = "$before"
lsmod | grep wavepci && exit 1
dmesg | grep 'never released' && exit 1
echo unloaded
'''
UNLOAD = {'wavepci': 'rmmod snd-wavepci-ich snd-wavepci', 'mainline': 'rmmod snd-intel8x0'}


def test_reload(kernel, tmp_path):
    spare('/' not in kernel)
    # What is left behind once, a debug kernel finds; each time takes it ten seconds.
    script = RELOAD.replace('{TIMES}', '3' if '/' in kernel else '20')
    script = script.replace('{LOAD}', guest.LOAD[guest.DRIVER], 1)
    script = script.replace('{UNLOAD}', UNLOAD[guest.DRIVER])
    machine = guest.run(script, tmp_path, kernel=kernel, load='', audio='none',
                        options=['--icount'])
    assert machine.output.endswith('unloaded\n')
