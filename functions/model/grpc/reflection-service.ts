import {
  createRegistry,
  type DescFile,
  type DescService,
  type MessageInitShape,
  toBinary,
} from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import { grpcCodes } from '../../contract/errors.ts'
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponseSchema,
} from './generated/reflection_pb.ts'
import { implement, type Method } from './method.ts'

type Answer = NonNullable<
  MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse']
>

/** The service's name before it was final; its messages are the same, and many clients ask for no other. */
const alphaPath = '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo'

/** Tells clients which services and messages there are. */
export function reflectionMethods(services: readonly DescService[]): Method[] {
  const reflect = createReflection([...services, ServerReflection])
  const method = implement(ServerReflection.method.serverReflectionInfo, (request) => ({
    validHost: request.host,
    originalRequest: request,
    messageResponse: reflect(request.messageRequest),
  }))
  return [method, { ...method, path: alphaPath }]
}

function createReflection(services: readonly DescService[]) {
  const files = services.map(({ file }) => file)
  const registry = createRegistry(...files)
  const fileOf = (symbol: string): DescFile | undefined => {
    const parent = symbol.slice(0, symbol.lastIndexOf('.'))
    // A method or a field is in the file of what it belongs to.
    return (registry.get(symbol) ?? registry.get(parent))?.file
  }
  return (question: ServerReflectionRequest['messageRequest']): Answer => {
    switch (question.case) {
      case 'listServices':
        return listed(services)
      case 'fileByFilename':
        return described(files.find(({ proto }) => proto.name === question.value))
      case 'fileContainingSymbol':
        return described(fileOf(question.value))
      case 'allExtensionNumbersOfType':
        // There are none in proto3.
        return {
          case: 'allExtensionNumbersResponse',
          value: { baseTypeName: question.value, extensionNumber: [] },
        }
      default:
        return described(undefined)
    }
  }
}

const listed = (services: readonly DescService[]): Answer => ({
  case: 'listServicesResponse',
  value: { service: services.map(({ typeName }) => ({ name: typeName })) },
})

/** Our files import no others, so that each is described by itself. */
function described(file: DescFile | undefined): Answer {
  if (!file) {
    const value = { errorCode: grpcCodes.NOT_FOUND, errorMessage: 'There is nothing of this name.' }
    return { case: 'errorResponse', value }
  }
  const value = { fileDescriptorProto: [toBinary(FileDescriptorProtoSchema, file.proto)] }
  return { case: 'fileDescriptorResponse', value }
}
