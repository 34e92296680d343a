/** Where the refresh token lives in a browser: no script reads it, no other site sends it, no plain connection carries it. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppEnv } from '../appEnv.ts'
import { looksLikeRefreshToken } from './refreshToken.ts'

const NAME = 'flipwire_refresh'
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: 'Strict', path: '/', prefix: 'host' } as const

/** Undefined: none, or none of ours. */
export function readRefreshCookie(c: Context<AppEnv>): string | undefined {
  const held = getCookie(c, NAME, 'host')
  return held !== undefined && looksLikeRefreshToken(held) ? held : undefined
}

export function setRefreshCookie(c: Context<AppEnv>, token: string, maxAgeMs: number): void {
  setCookie(c, NAME, token, { ...ATTRIBUTES, maxAge: Math.max(1, Math.floor(maxAgeMs / 1000)) })
}

export function clearRefreshCookie(c: Context<AppEnv>): void {
  deleteCookie(c, NAME, ATTRIBUTES)
}
