const NEWLINE = 0x0a;
/** An object may be 1.5 MiB in etcd; what is far beyond that is no event of ours. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

/** The stream ended in the middle of a line, or a line is no JSON. What came before it is good. */
export class JsonLinesError extends Error {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'JsonLinesError';
  }
}

/**
 * The values of newline-delimited JSON, however its bytes are cut: within lines, within characters, many lines at once.
 * Blank lines are skipped. Throws `JsonLinesError` for a line that is no JSON, has no end, or is longer than 16 MiB.
 */
export async function* parseJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator {
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...begun, chunk.subarray(start, end)]).toString('utf8');
      begun = [];
      begunBytes = 0;
      start = end + 1;
      if (line.trim() !== '') yield parseLine(line);
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    begunBytes += chunk.length - start;
    if (begunBytes > MOST_LINE_BYTES) throw new JsonLinesError(`a line is longer than ${MOST_LINE_BYTES} bytes`);
  }
  if (Buffer.concat(begun).toString('utf8').trim() !== '') {
    throw new JsonLinesError(`the stream ended within a line, after ${begunBytes} bytes of it`);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw new JsonLinesError(`a line of ${line.length} characters is no JSON`, { cause: error });
  }
}
