import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { lanUrls } from './listen-address.ts';

const at = (address: string, family: 'IPv4' | 'IPv6', internal = false): NetworkInterfaceInfo =>
  ({ address, family, internal }) as NetworkInterfaceInfo;
const INTERFACES = {
  lo: [at('127.0.0.1', 'IPv4', true), at('::1', 'IPv6', true)],
  wlan0: [at('192.168.1.5', 'IPv4'), at('fe80::1', 'IPv6')],
  down: undefined,
};

test('a server on all addresses is reached by those of the network, one on its own address by none', () => {
  expect(lanUrls('0.0.0.0', 8080, INTERFACES)).toEqual(['http://192.168.1.5:8080']);
  expect(lanUrls('::', 8080, INTERFACES)).toEqual(['http://192.168.1.5:8080']);
  for (const host of ['127.0.0.1', 'localhost', '192.168.1.5'])
    expect(lanUrls(host, 8080, INTERFACES)).toEqual([]);
});
