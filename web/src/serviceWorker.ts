/** Keeps the shell for when there is no network. Data and sockets always go to the service. */
import { createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'

declare const self: ServiceWorkerGlobalScope & { readonly __WB_MANIFEST: (string | PrecacheEntry)[] }

// oxlint-disable-next-line no-underscore-dangle -- the name the build replaces with the list of files
precacheAndRoute(self.__WB_MANIFEST)
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/v1/, /^\/ws/, /^\/\.well-known/, /^\/(docs|openapi\.json|llms\.txt)$/],
  }),
)

// A waiting version takes over only when the person said so.
self.addEventListener('message', (event) => {
  const message: unknown = event.data
  if (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'SKIP_WAITING'
  ) {
    void self.skipWaiting()
  }
})
