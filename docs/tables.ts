/**
 * The generated parts of `operating.md`: each service's variables from its config schema, and the images' sizes.
 * `bun run docs` writes them; a test fails when the page differs.
 */
import { join } from 'node:path';
import { commonVariables, describeWanted } from '@parley/kit/process/config';
import type { TSchema } from '@sinclair/typebox';
import { serviceNames, services } from '../services.ts';

export const page = join(import.meta.dir, 'operating.md');

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

/**
 * @param text of the page, with a `<!-- NAME -->` before and a `<!-- end -->` after each generated part
 * @returns the page with every part as it is now
 * @throws when the page has no place for one
 */
export const withTables = async (text: string): Promise<string> => {
  const parts = {
    'variables of every service': variableTable(commonVariables),
    'variables of each service': await serviceSections(),
    'image sizes': sizeTable(),
  };
  return Object.entries(parts).reduce((current, [name, made]) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end -->)`);
    if (!place.test(current)) throw new Error(`${page} has no place for "${name}"`);
    return current.replace(place, (_, start: string, end: string) => `${start}\n${made}\n${end}`);
  }, text);
};

if (import.meta.main) await Bun.write(page, await withTables(await Bun.file(page).text()));
