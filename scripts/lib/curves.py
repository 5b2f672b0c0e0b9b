"""The curves and bars of scripts/bench, as pictures."""

COLOURS = {'mainline': '#c0504d', 'wavepci': '#1f5fa8'}
NAMES = {'mainline': 'snd-intel8x0', 'wavepci': 'snd-wavepci-ich'}


def plotter():
    import matplotlib                   # pylint: disable=import-outside-toplevel
    matplotlib.use('Agg')
    from matplotlib import pyplot       # pylint: disable=import-outside-toplevel
    return pyplot


def draw(panels, path):
    """Draw panels: (title, x axis, y axis, logarithmic y, {driver: {x: y}})."""
    pyplot = plotter()
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


def draw_bars(panels, path):
    """Draw panels: (title, {driver: its name}, {driver: {what: how many}})."""
    pyplot = plotter()
    figure, axes = pyplot.subplots(1, len(panels), figsize=(12, 3.6), dpi=100)
    for axis, (title, names, series) in zip(axes, panels):
        for at, (driver, bars) in enumerate(series.items()):
            places = [place + 0.4 * at for place in range(len(bars))]
            drawn = axis.barh(places, list(bars.values()), 0.38,
                              color=COLOURS[driver], label=names[driver])
            axis.bar_label(drawn, [f'{value:,}' for value in bars.values()], padding=3)
        axis.set_yticks([place + 0.2 for place in range(len(bars))], list(bars))
        axis.invert_yaxis()
        axis.set_title(title)
        axis.margins(x=0.15)
        axis.set_xticks([])
        axis.spines[['top', 'right', 'bottom']].set_visible(False)
        axis.legend(loc='lower right', frameon=False)
    figure.tight_layout()
    figure.savefig(path)
