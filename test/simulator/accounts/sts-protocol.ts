import type { WireAnswer } from '../json-protocol.ts';
import type { SimulatedError } from '../simulated-error.ts';

/** AWS Query (Smithy, "AWS query protocol"): a form goes in, XML comes out. */
const FORM = 'application/x-www-form-urlencoded';
const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export type Fields = ReadonlyMap<string, string>;

/** Nested members as XML elements. */
export type Element = string | { readonly [name: string]: Element };

export function isStsRequest(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-type']?.startsWith(FORM) === true;
}

/** The fields of the form by their flat names: `Tags.member.1.Key`. */
export function readForm(body: string): Fields {
  return new Map(new URLSearchParams(body));
}

/** Key and value of each `Tags.member.<n>`. */
export function tagsIn(fields: Fields): Readonly<Record<string, string>> {
  const keys = [...fields].filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name));
  return Object.fromEntries(keys.map(([name, key]) => [key, fields.get(name.replace(/Key$/, 'Value')) ?? '']));
}

export function writeResult(action: string, result: Element, requestId: string): WireAnswer {
  const metadata = xml('ResponseMetadata', { RequestId: requestId });
  const body = `<${action}Response xmlns="${NAMESPACE}">${xml(`${action}Result`, result)}${metadata}</${action}Response>`;
  return { statusCode: 200, headers: headersOf(requestId), body };
}

export function writeRefusal({ name, message, status }: SimulatedError, requestId: string): WireAnswer {
  const error = xml('Error', { Type: 'Sender', Code: name, Message: message });
  const body = `<ErrorResponse xmlns="${NAMESPACE}">${error}${xml('RequestId', requestId)}</ErrorResponse>`;
  return { statusCode: status, headers: headersOf(requestId), body };
}

function headersOf(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
}

function xml(name: string, value: Element): string {
  const inner =
    typeof value === 'string'
      ? value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      : Object.entries(value)
          .map(([member, part]) => xml(member, part))
          .join('');
  return `<${name}>${inner}</${name}>`;
}
