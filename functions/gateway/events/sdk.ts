// What is imported late of the SDK, in a file of its own: of a CommonJS package a bundle has no names to import late.
export { CloudEvent, HTTP, ValidationError } from 'cloudevents'
