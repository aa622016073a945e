/**
 * The generated tables: in `operating.md` each service's variables from its config schema, and the images' sizes; in `protocol.md` the
 * errors. `bun run docs` writes them; a test fails when a page differs.
 */
import { join } from 'node:path';
import { commonVariables, describeWanted } from '@parley/kit/process/config';
import type { TSchema } from '@sinclair/typebox';
import { serviceNames, services } from '../services.ts';
import { allErrors } from './errors.ts';

type Variables = Readonly<Record<string, TSchema>>;

/** A Markdown table, aligned as the formatter does it. */
const table = (head: readonly string[], body: readonly (readonly string[])[]): string => {
  const rows = [head, ...body].map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [rows[0] ?? [], rule, ...rows.slice(1)].map(line).join('\n');
};

const variableTable = (variables: Variables): string => {
  const rows = Object.entries(variables).map(([name, schema]) => {
    const standard = schema.default === undefined || schema.default === '' ? 'unset' : `\`${schema.default}\``;
    return [`\`${name}\``, standard, String(schema.description), describeWanted(schema)];
  });
  return table(['variable', 'default', 'what it is', 'takes'], rows);
};

const sizeTable = (): string => {
  const rows = serviceNames.map((name) => [name, `${services[name].imageMegabytes.toFixed(1)} MB`]);
  return table(['image', 'beyond its base'], rows);
};

/** One section per service, so that a new service needs no place of its own in the page. */
const serviceSections = async (): Promise<string> => {
  const sections = serviceNames.map(async (name) => {
    const { properties }: { properties: Variables } = await services[name].variables();
    const own = Object.entries(properties).filter(([variable]) => !(variable in commonVariables));
    return `### ${name}\n\n${variableTable(Object.fromEntries(own))}`;
  });
  return (await Promise.all(sections)).join('\n\n');
};

const errorTable = async (): Promise<string> => {
  const rows = (await allErrors()).map(({ code, status, retry, service = 'any', detail }) => [
    `\`${code}\``,
    String(status),
    service,
    retry ? 'yes' : 'no',
    detail,
  ]);
  return table(['code', 'status', 'service', 'retry', 'what it means'], rows);
};

/** The generated parts of each page, by name. */
const pages = async (): Promise<Record<string, Record<string, string>>> => ({
  'operating.md': {
    'variables of every service': variableTable(commonVariables),
    'variables of each service': await serviceSections(),
    'image sizes': sizeTable(),
  },
  'protocol.md': { errors: await errorTable() },
});

/** @throws when the page lacks `<!-- NAME -->` before or `<!-- end -->` after the part */
const withPart = (page: string, text: string, name: string, made: string): string => {
  const marked = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`);
  if (!marked.test(text)) throw new Error(`${page} has no <!-- ${name} --> and <!-- end -->`);
  return text.replace(marked, (_, start: string, end: string) => `${start}\n${made}\n${end}`);
};

/** Each page with generated parts: its path, its text as it is, and as it should be. */
export const writtenPages = async () =>
  Promise.all(
    Object.entries(await pages()).map(async ([page, parts]) => {
      const path = join(import.meta.dir, page);
      const text = await Bun.file(path).text();
      const wanted = Object.entries(parts).reduce((all, [name, made]) => withPart(page, all, name, made), text);
      return { path, text, wanted };
    }),
  );

if (import.meta.main) for (const { path, wanted } of await writtenPages()) await Bun.write(path, wanted);
