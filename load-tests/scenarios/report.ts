/** The results of a run as text for the terminal, as JSON, and as one self-contained HTML page. Pure. */

interface Metric {
  readonly type: string;
  readonly contains: string;
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

interface Check {
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

/** The part of k6's summary that is read here. */
export interface Summary {
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly root_group: { readonly checks: readonly Check[] };
  readonly state: { readonly testRunDurationMs: number };
}

interface Row {
  readonly name: string;
  readonly value: string;
}

interface Verdict extends Row {
  readonly isFine: boolean;
}

const shownStats = ['min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max'];

/** Metrics of k6 itself and of single phases of requests: they are in the JSON only. */
const detail =
  /^(http_req_(blocked|connecting|receiving|sending|tls_handshaking|waiting)|http_req_duration\{.*|vus.*|iteration.*)$/;

const round = (value: number): string => String(Math.round(value * 100) / 100);

const describe = ({ type, contains, values }: Metric): string => {
  const unit = contains === 'time' ? ' ms' : contains === 'data' ? ' B' : '';
  if (type === 'rate') return `${round((values.rate ?? 0) * 100)} %`;
  if (type === 'counter') return `${round(values.count ?? 0)}${unit} (${round(values.rate ?? 0)}${unit}/s)`;
  const shown = shownStats.filter((name) => values[name] !== undefined);
  return shown.map((name) => `${name} ${round(values[name] ?? 0)}${unit}`).join(', ');
};

const verdictsOf = ({ metrics, root_group }: Summary): Verdict[] => [
  ...Object.entries(metrics).flatMap(([name, metric]) =>
    Object.entries(metric.thresholds ?? {}).map(([limit, { ok }]) => ({
      name: `${name} ${limit}`,
      value: describe(metric),
      isFine: ok,
    })),
  ),
  ...root_group.checks.map(({ name, passes, fails }) => ({
    name,
    value: `${passes} of ${passes + fails}`,
    isFine: fails === 0,
  })),
];

const rowsOf = ({ metrics }: Summary): Row[] =>
  Object.keys(metrics)
    .filter((name) => !detail.test(name))
    .sort()
    .flatMap((name) => {
      const metric = metrics[name];
      return metric ? [{ name, value: describe(metric) }] : [];
    });

const listed = (rows: readonly Row[]): string => {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  return rows.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`).join('\n');
};

const text = (title: string, verdicts: readonly Verdict[], rows: readonly Row[]): string => {
  const failed = verdicts.filter(({ isFine }) => !isFine);
  const said = failed.length === 0 ? `all ${verdicts.length} conditions hold` : `${failed.length} conditions failed:`;
  return `\n${title}: ${said}\n${listed(failed)}${failed.length > 0 ? '\n' : ''}\n${listed(rows)}\n\n`;
};

const asText = (given: string): string =>
  given.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

const style = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  td { padding: .3rem .6rem; border-bottom: 1px solid #8883; font-variant-numeric: tabular-nums; }
  td:first-child { font-family: ui-monospace, monospace; }
  .fine { color: #1a7f37; } .failed { color: #cf222e; font-weight: 600; }
`;

const tableRow = (cells: readonly string[], kind = ''): string =>
  `<tr${kind && ` class="${kind}"`}>${cells.map((cell) => `<td>${asText(cell)}</td>`).join('')}</tr>`;

const page = (title: string, verdicts: readonly Verdict[], rows: readonly Row[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${asText(title)}</title>
<style>${style}</style>
<h1>${asText(title)}</h1>
<h2>Conditions</h2>
<table>
${verdicts.map(({ name, value, isFine }) => tableRow([isFine ? 'holds' : 'failed', name, value], isFine ? 'fine' : 'failed')).join('\n')}
</table>
<h2>Measured</h2>
<table>
${rows.map(({ name, value }) => tableRow([name, value])).join('\n')}
</table>
</html>
`;

/**
 * The files of a report by name, as k6's `handleSummary` returns them.
 * @param folder where they go
 * @param about what was run, against what
 */
export const reportOf = (summary: Summary, folder: string, scenario: string, about: string): Record<string, string> => {
  const verdicts = verdictsOf(summary);
  const rows = rowsOf(summary);
  const title = `${scenario}, ${about}, ${round(summary.state.testRunDurationMs / 1_000)} s`;
  return {
    stdout: text(title, verdicts, rows),
    [`${folder}/${scenario}.json`]: JSON.stringify(summary, null, 2),
    [`${folder}/${scenario}.html`]: page(title, verdicts, rows),
  };
};
