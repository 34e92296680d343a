/** `X-Request-Id` in every answer and problem document; a client's own id is kept when it is plain. */
import { requestId as honoRequestId } from 'hono/request-id'

export const requestId = honoRequestId({ limitLength: 64 })
