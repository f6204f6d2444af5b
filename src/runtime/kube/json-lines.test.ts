import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonLinesError, parseJsonLines } from './json-lines.ts';

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const size of [...sizes, bytes.length]) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(1_000_000, 0x20);
}

describe('parseJsonLines', () => {
  test('reads what was written, wherever the bytes are cut', async () => {
    const values = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), deep: fc.array(fc.integer()) }));
    const sizes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(values, sizes, async (written, cuts) => {
        const bytes = Buffer.from(written.map((value) => `${JSON.stringify(value)}\n`).join(''));

        expect(await Array.fromAsync(parseJsonLines(cut(bytes, cuts)))).toEqual(written);
      }),
      { numRuns: 50 },
    );
  });

  test('reads a line of megabytes that comes in small pieces', async () => {
    const line = Buffer.from(`${JSON.stringify({ text: 'ü'.repeat(2_000_000) })}\n`);
    const pieces = Array.from({ length: 500 }, () => 8_192);

    const [value] = await Array.fromAsync(parseJsonLines(cut(line, pieces)));

    expect((value as { text: string }).text).toHaveLength(2_000_000);
  });

  test('skips blank lines', async () => {
    expect(await Array.fromAsync(parseJsonLines(cut(Buffer.from('\n{"a":1}\r\n\n'), [])))).toEqual([{ a: 1 }]);
  });

  test.for([
    { name: 'a stream that ends within a line', because: 'its event was not received', text: '{"a":1}\n{"a":' },
    {
      name: 'a whole value without its newline',
      because: 'it may be the beginning of a longer one',
      text: '{"a":1}\n12',
    },
    { name: 'a line that is no JSON', because: 'nothing after it can be trusted', text: '{"a":1}\nupstream error\n' },
  ])('gives what came before and then refuses $name, because $because', async ({ text }) => {
    const values: unknown[] = [];

    const reading = (async () => {
      for await (const value of parseJsonLines(cut(Buffer.from(text), [3]))) values.push(value);
    })();

    await expect(reading).rejects.toThrow(JsonLinesError);
    expect(values).toEqual([{ a: 1 }]);
  });

  test('refuses a line without end, because memory has one', async () => {
    await expect(Array.fromAsync(parseJsonLines(endless()))).rejects.toThrow('longer than');
  });
});
