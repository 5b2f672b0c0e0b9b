"""The curves of scripts/bench, as a picture."""

COLOURS = {'mainline': '#c0504d', 'wavepci': '#1f5fa8'}
NAMES = {'mainline': 'snd-intel8x0', 'wavepci': 'snd-wavepci-ich'}


def draw(panels, path):
    """Draw panels: (title, x axis, y axis, logarithmic y, {driver: {x: y}})."""
    import matplotlib                   # pylint: disable=import-outside-toplevel
    matplotlib.use('Agg')
    from matplotlib import pyplot       # pylint: disable=import-outside-toplevel

    figure, axes = pyplot.subplots(2, 3, figsize=(15, 8), dpi=100)
    for axis, (title, x_name, y_name, log_y, series) in zip(axes.flat, panels):
        for driver, curve in series.items():
            axis.plot(list(curve), list(curve.values()), 'o-',
                      color=COLOURS[driver], label=NAMES[driver])
        axis.set_title(title)
        axis.set_xlabel(x_name)
        axis.set_ylabel(y_name)
        axis.set_xscale('log', base=2)
        ticks = sorted({x for curve in series.values() for x in curve})
        axis.set_xticks(ticks, [f'{x // 1024} Ki' if x % 1024 == 0 else str(x)
                                for x in ticks])
        if log_y:
            axis.set_yscale('log')
        else:
            axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
        axis.legend()
    for axis in axes.flat[len(panels):]:
        axis.axis('off')
    figure.tight_layout()
    figure.savefig(path)
