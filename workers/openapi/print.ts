/** Prints the document of the Worker's routes; `npm run openapi` bundles and runs it. */
import { createApp } from '../app.ts'
import { openApiDocument } from './document.ts'

console.log(JSON.stringify(await openApiDocument(createApp(), '0.1.0'), null, 2))
