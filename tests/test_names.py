"""The model's names and ours: docs/names.tsv and the headers say the same.

Nothing is compiled and nothing is started; a regular expression or two is
enough for headers that are all written in one style.
"""
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = ROOT / 'include/wavepci'
SOURCES = sorted((ROOT / 'src').glob('*/*.c'))
KINDS = {'interface', 'method', 'function', 'guid', 'type', 'value'}

HEADERS = {path.name: path.read_text() for path in sorted(INCLUDE.glob('*.h'))}


def without_comments(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


CODE = {name: without_comments(text) for name, text in HEADERS.items()}
ALL_CODE = '\n'.join(CODE.values())
# But for the header whose interfaces the model hasn't got.
MODEL_CODE = '\n'.join(code for name, code in CODE.items() if name != 'alsa.h')


class Row:
    def __init__(self, number, line):
        self.where = f'docs/names.tsv:{number}'
        fields = line.split('\t')
        assert len(fields) == 5, f'{self.where}: {len(fields)} fields, not 5'
        self.kind, self.model, self.ours, self.header, self.note = fields

    def __str__(self):
        return f'{self.where}: {self.kind} {self.model} -> {self.ours}'


def read_table():
    lines = (ROOT / 'docs/names.tsv').read_text().splitlines()
    assert lines[0] == 'kind\tmodel\there\theader\tnote'
    return [Row(n, line) for n, line in enumerate(lines[1:], 2)]


TABLE = read_table()
HERE = [row for row in TABLE if row.ours != '-']
INTERFACES = {row.model: row.ours for row in HERE if row.kind == 'interface'}


def rows(kind):
    return [row for row in HERE if row.kind == kind]


def guids(code):
    """What a header declares: by itself, or with its interface."""
    return set(re.findall(r'^extern const guid_t (\w+);', code, re.M)) | {
        f'iid_{name}' for name in
        re.findall(r'^DECLARE_INTERFACE\((\w+),', code, re.M)}


def fail_with(findings):
    assert not findings, '\n' + '\n'.join(str(f) for f in findings)


# --- the rule for names ---------------------------------------------------

def words(name):
    """GetKInterrupt -> get_kinterrupt: a word is capitals, then small letters.

    WavePci is one word: it is the name of the model.
    """
    name = name.replace('WavePci', 'Wavepci')
    return '_'.join(re.findall(r'[A-Z]+[a-z0-9]*|[a-z0-9]+', name)).lower()


def by_rule(row):
    """What a name of the model is called here, if nobody made an exception."""
    if row.kind == 'method':
        return words(row.model.split('::')[1])
    if row.kind == 'value':
        all_caps = row.model == row.model.upper()
        return row.model if all_caps else words(row.model).upper()
    return '_'.join(words(part) for part in row.model.split('_'))


@pytest.mark.parametrize('name, expected', [
    ('IPortWavePciStream', 'iport_wavepci_stream'), ('GetMapping', 'get_mapping'),
    ('PcNewPort', 'pc_new_port'), ('IDmaChannel', 'idma_channel'),
    ('GetKInterrupt', 'get_kinterrupt'), ('HardwareID', 'hardware_id'),
])
def test_rule(name, expected):
    assert words(name) == expected


def test_names_follow_the_rule():
    findings = []
    for row in HERE:
        excepted = row.note.startswith('exception: ')
        if row.model == '-':
            assert not excepted, row
        elif (by_rule(row) != row.ours) != excepted:
            findings.append(f'{row}: the rule says {by_rule(row)}, and the note '
                            f'{"an exception" if excepted else "nothing of an exception"}')
    fail_with(findings)


# --- the headers, read ----------------------------------------------------

def members(name):
    """What is between the braces of `struct name`, without comments."""
    found = re.search(rf'^struct {name} {{\n(.*?)^}};', ALL_CODE, re.M | re.S)
    return found and found.group(1)


def own_methods(interface):
    return re.findall(r'\(\*(\w+)\)\s*\(', members(interface + '_vtbl') or '')


def methods(interface):
    """The methods of an interface, those of its bases included."""
    body = members(interface + '_vtbl') or ''
    found = own_methods(interface)
    for base in re.findall(r'struct (\w+)_vtbl \w+;', body):
        found += methods(base)
    return found


def vtables():
    return re.findall(r'^struct (\w+)_vtbl {', MODEL_CODE, re.M)


def enum_values(code):
    for body in re.findall(r'^enum \w+ {\n(.*?)^};', code, re.M | re.S):
        yield from re.findall(r'^\s*(\w+)', body, re.M)


def prototypes(code):
    return set(re.findall(r'^[a-z][\w\s]*?[\s*](pc_\w+)\(', code, re.M))


def exported():
    return {name for path in SOURCES for name in
            re.findall(r'^EXPORT_SYMBOL_WAVEPCI\((pc_\w+)\);',
                       path.read_text(), re.M)}


def declares(row):
    """Whether the header that a row names has what it says."""
    code, name = CODE[row.header], re.escape(row.ours)
    if row.kind == 'interface':
        return all(re.search(rf'^struct {name}{end} {{', code, re.M)
                   for end in ('', '_vtbl'))
    if row.kind == 'method':
        interface = INTERFACES[row.model.split('::')[0]]
        return (f'struct {interface}_vtbl {{' in code and
                row.ours in methods(interface))
    if row.kind == 'function':
        return row.ours in prototypes(code)
    if row.kind == 'guid':
        return name in guids(code)
    if row.kind == 'type':
        return re.search(rf'^(struct|enum) {name} {{|^typedef \w+ \(\*{name}\)|'
                         rf'^#define\s+{name}\s', code, re.M)
    return (row.ours in enum_values(code) or
            re.search(rf'^#define\s+{name}\b', code, re.M))


# --- table against headers ------------------------------------------------

def test_the_headers_are_read():
    """Else all that follows could pass without having looked at anything."""
    assert len(vtables()) >= 17
    assert {'get_mapping', 'query_interface'} <= set(methods('iport_wavepci_stream'))
    assert 'pc_new_port' in prototypes(CODE['portcls.h'])
    assert 'KSSTATE_RUN' in enum_values(CODE['ks.h'])
    assert 'pc_new_port' in exported()


def test_table_is_well_formed():
    findings = [row for row in TABLE if row.kind not in KINDS or
                (row.ours == '-') != (row.header == '-') or
                (row.ours != '-' and row.header not in HEADERS) or
                '-' == row.model == row.ours]
    seen = set()
    for row in TABLE:
        key = (row.kind, row.model) if row.model != '-' else (row.kind, row.ours)
        if key in seen:
            findings.append(f'{row}: twice')
        seen.add(key)
    fail_with(findings)


def test_what_the_table_names_is_there():
    fail_with([f'{row}: not in {row.header}' for row in HERE if not declares(row)])


def test_what_the_table_says_is_missing_is_missing():
    findings = []
    for row in TABLE:
        if row.ours != '-':
            continue
        name = by_rule(row)
        if row.kind == 'method':
            there = name in methods(INTERFACES[row.model.split('::')[0]])
        else:
            there = re.search(rf'\b{re.escape(name)}\b', ALL_CODE)
        if there:
            findings.append(f'{row}: but there is {name}')
    fail_with(findings)


def test_all_methods_are_in_the_table():
    named = {(INTERFACES[row.model.split('::')[0]], row.ours)
             for row in rows('method')}
    fail_with([f'{interface}: {method} is not in the table'
               for interface in vtables() for method in own_methods(interface)
               if (interface, method) not in named])


def test_all_interfaces_are_in_the_table():
    fail_with(set(vtables()) ^ set(INTERFACES.values()))


def test_all_functions_are_in_the_table():
    named = {row.ours for row in rows('function')} | {'pc_adapter_pm_ops'}
    declared = set().union(*(prototypes(code) for code in CODE.values()))
    declared |= set(re.findall(r'^extern const struct dev_pm_ops (\w+);', ALL_CODE, re.M))
    fail_with(sorted(f'{name}: not in all of table, headers and exports'
                     for name in named | declared | exported()
                     if not (name in named and name in declared and name in exported())))


def test_all_values_are_in_the_table():
    named = {row.ours for row in rows('value')}
    fail_with(sorted(set(enum_values(ALL_CODE)) - named))


def test_all_guids_are_in_the_table_and_defined():
    named = {row.ours for row in rows('guid')}
    declared = guids(ALL_CODE)
    defined = set(re.findall(r'^GUID\((\w+),',
                             (ROOT / 'src/portcls/guids.c').read_text(), re.M))
    fail_with(sorted((named ^ guids(MODEL_CODE)) | (declared ^ defined)))


# --- what is promised -----------------------------------------------------

def test_promises_have_tests():
    lines = (ROOT / 'docs/promises.tsv').read_text().splitlines()
    assert lines[0] == 'promise\ttest'
    cases = set(re.findall(r'KUNIT_CASE\((\w+)\)', '\n'.join(
        path.read_text() for path in (ROOT / 'tests/kunit').glob('*.c'))))
    rows_of_it = [line.split('\t') for line in lines[1:]]
    fail_with([f'{promise}: there is no {test}' for promise, test in rows_of_it
               if test not in cases])
    assert len({test for _, test in rows_of_it}) == len(rows_of_it)


# --- the pages of the model -----------------------------------------------

def kernel_doc(name):
    """Of a struct: its members' names and what is said of them."""
    text = '\n'.join(HEADERS.values())
    found = re.search(rf'/\*\*\n \* struct {name} - (.*?)\*/', text, re.S)
    said = {}
    for part in re.split(r'^ \* @', found.group(1), flags=re.M)[1:] if found else ():
        member, _, words_of_it = part.partition(':')
        said[member] = re.split(r'^ \*\s*$', words_of_it, flags=re.M)[0]
    return said


def pages(text):
    return re.findall(r'\bnf-portcls-[a-z0-9-]+', text)


def test_methods_name_their_page():
    findings = []
    for row in rows('method'):
        interface, method = row.model.split('::')
        ours = INTERFACES[interface]
        # IUnknown has no page of its own, and a base is documented once.
        if interface == 'IUnknown' or row.ours not in own_methods(ours):
            continue
        expected = f'nf-portcls-{interface}-{method}'.lower()
        said = kernel_doc(ours + '_vtbl').get(row.ours, '')
        if pages(said) != [expected]:
            findings.append(f'{row.header}: {ours}_vtbl: @{row.ours} names '
                            f'{pages(said) or "no page"}, not {expected}')
        elif f'({expected})' not in said:
            findings.append(f'{row.header}: {ours}_vtbl: @{row.ours} names its page '
                            'without parentheses')
    fail_with(findings)


def test_functions_name_their_page():
    texts = [path.read_text() for path in SOURCES]
    findings = []
    for row in rows('function'):
        if row.model == '-':
            continue
        doc = None
        for text in texts:
            doc = doc or re.search(rf'/\*\*\n \* {row.ours}\(\) - (.*?)\*/', text, re.S)
        expected = f'nf-portcls-{row.model}'.lower()
        if not doc or pages(doc.group(1)) != [expected]:
            findings.append(f'{row.ours}: its kernel-doc names '
                            f'{pages(doc.group(1)) if doc else "nothing"}, not {expected}')
    fail_with(findings)


# --- the guide ------------------------------------------------------------

def test_excerpts_are_in_the_sources():
    """A block of code in docs/porting.md that begins with a file's name is
    taken from it: its lines, in their order, `...` for those left out."""
    guide = (ROOT / 'docs/porting.md').read_text()
    findings, count = [], 0
    for name, block in re.findall(r'```c\n/\* ((?:src|include)/\S+) \*/\n(.*?)```',
                                  guide, re.S):
        count += 1
        if not (ROOT / name).exists():
            findings.append(f'{name}: no such file')
            continue
        lines = iter([line.strip() for line in
                      (ROOT / name).read_text().splitlines()])
        findings += [f'{name}: no line {line!r}, or not in this place'
                     for line in map(str.strip, block.splitlines())
                     if line not in ('', '...') and line not in lines]
    assert count, 'there is no excerpt'
    fail_with(findings)


def test_files_in_the_guide_are_there():
    guide = (ROOT / 'docs/porting.md').read_text()
    named = re.findall(r'`((?:src|include|docs|tests)/[\w./-]+)`', guide)
    assert named
    fail_with(sorted({name for name in named if not (ROOT / name).exists()}))
