import { hostOf, hostsBeyond, isAllowedHost } from '../../src/domain/sandbox-settings.js';

it('knows how an allowed host is written', () => {
  expect(['a.example:443', '*.example.com:80', '127.0.0.1:1'].every(isAllowedHost)).toBe(true);
  expect(['a.example', 'a.*.b:1', 'https://a:1', ':1', 'a:', 'a:123456'].some(isAllowedHost)).toBe(false);
});

it('tells the host of an address as an allow-list names it', () => {
  expect(hostOf('https://api.example.com/v1')).toBe('api.example.com:443');
  expect(hostOf('http://127.0.0.1')).toBe('127.0.0.1:80');
  expect(hostOf('http://127.0.0.1:8080/v1')).toBe('127.0.0.1:8080');
});

it('tells which hosts of a step its agent may not reach', () => {
  const allowed = ['registry.example:443', '*.Files.example:443'];
  const wanted = ['Registry.example:443', 'a.b.files.example:443', '*.files.example:443', '*.a.files.example:443'];
  expect(hostsBeyond(wanted, allowed)).toEqual([]);
  const beyond = ['registry.example:80', 'files.example:443', 'otherfiles.example:443', '*.example:443'];
  expect(hostsBeyond(beyond, allowed)).toEqual(beyond);
  expect(hostsBeyond([], [])).toEqual([]);
});
