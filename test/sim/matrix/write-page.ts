/** `make reliability`: puts the results of a run of the matrix, of which each scenario left a file, into the page. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SCENARIOS } from '../scenarios/all.ts';
import { PAGE, type Result, withResults } from './results.ts';

const [directory = '.'] = process.argv.slice(2);
const results = SCENARIOS.map(({ name }) => {
  const file = path.join(directory, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result) : name;
});
writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), results));
