import { describe, expect, it } from 'vitest'
import { endpointUrl } from './endpointUrl.ts'

const HOSTILE = [
  '',
  'hooks.partner.com/x',
  '//hooks.partner.com/x',
  'http://hooks.partner.com/x',
  'ftp://hooks.partner.com/x',
  'file:///etc/passwd',
  'data:application/json,{}',
  'javascript:alert(1)',
  'gopher://hooks.partner.com:70/_x',
  'https://user:password@hooks.partner.com/',
  'https://user@hooks.partner.com/',
  'https://hooks.partner.com@127.0.0.1/',
  'https://hooks.partner.com/#fragment',
  'https://hooks.partner.com/#',
  'https://hooks.partner.com\\@127.0.0.1/',
  'https://hooks.partner.com/a b',
  'https://hooks.part\tner.com/',
  'https://hooks.partner.com/\r\nX-Header: 1',
  'https://hooks.partner.com/\u0000',
  'https://hooks。partner。com/',
  'https://１２７.0.0.1/',
  'https://127.0.0.1/',
  'http://127.0.0.1/',
  'http://127.0.0.1:8787/v1/ingest/SPX',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://%31%32%37.0.0.1/',
  'https://127.0.0.1./',
  'https://0/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  'https://172.16.0.1/',
  'https://192.168.1.1/',
  'https://100.64.0.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[2002:7f00:1::]/',
  // Public ones too: who has one has a name.
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://localhost/',
  'https://LOCALHOST/',
  'https://localhost./',
  'https://api.localhost/',
  'https://router.local/',
  'https://metadata.google.internal/computeMetadata/v1/',
  'https://metadata/',
  'https://kubernetes.default.svc.cluster.local/',
  'https://printer.lan/',
  'https://host.home.arpa/',
  'https://1.0.0.127.in-addr.arpa/',
  'https://service.onion/',
  'https://127.0.0.1.nip.io/',
  'https://10-0-0-1.sslip.io/',
  'https://localtest.me/',
  'https://flipwire.test/v1/ingest/SPX',
  'https://api.flipwire.com/v1/health',
  'https://API.FLIPWIRE.COM./v1/health',
  'https://hooks_partner.com/',
  'https://-hooks.partner.com/',
  'https://hooks..partner.com/',
  'https://hooks.partner.com:22/',
  'https://hooks.partner.com:80/',
  'https://hooks.partner.com:0/',
  'https://hooks.partner.com:99999/',
  `https://${'a.'.repeat(130)}com/`,
]

describe('an endpoint', () => {
  it.each(HOSTILE)('is never %j', (text) => {
    expect(endpointUrl(text, { ownHost: 'api.flipwire.com' })).toMatchObject({ ok: false })
  })

  it.each([
    ['https://hooks.partner.com/flipwire?desk=1', 'https://hooks.partner.com/flipwire?desk=1'],
    ['https://HOOKS.partner.com./', 'https://hooks.partner.com/'],
    ['https://hooks.partner.com:443/', 'https://hooks.partner.com/'],
    ['https://hooks.partner.com:8443/', 'https://hooks.partner.com:8443/'],
    ['https://xn--bcher-kva.example.org/', 'https://xn--bcher-kva.example.org/'],
    ['https://internal.partner.com/', 'https://internal.partner.com/'],
    ['https://mylocalhost.com/', 'https://mylocalhost.com/'],
  ])('may be %s', (text, url) => {
    expect(endpointUrl(text, { ownHost: 'api.flipwire.com' })).toEqual({ ok: true, url })
  })

  it('is this machine only where that is allowed, and nothing else by that', () => {
    const rules = { allowLoopback: true }
    expect(endpointUrl('http://127.0.0.1:9000/x', rules)).toEqual({
      ok: true,
      url: 'http://127.0.0.1:9000/x',
    })
    for (const text of [
      'http://127.0.0.2/',
      'http://localhost/',
      'http://10.0.0.1/',
      'https://127.0.0.1/',
      'http://[::1]/',
    ])
      expect(endpointUrl(text, rules)).toMatchObject({ ok: false })
  })
})
