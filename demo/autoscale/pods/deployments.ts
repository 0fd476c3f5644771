import { z } from 'zod'
import type { Pods } from '../recording.ts'

/** What is read of a DeploymentList (apps/v1). */
const deploymentList = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
      spec: z.object({ replicas: z.int().min(0).default(1) }),
      status: z.object({ readyReplicas: z.int().min(0).default(0) }).default({ readyReplicas: 0 }),
    }),
  ),
})

/** The Knative Service of the gateway and the InferenceService of the model. */
export interface ServiceNames {
  readonly gateway: string
  readonly model: string
}

/**
 * Counts what Deployments want and have, over all revisions. Pods themselves are not counted: those that end can be seen
 * for half a minute more.
 * @param list as the API server answers
 * @throws ZodError when it is not a DeploymentList
 */
export function countPods(list: unknown, { gateway, model }: ServiceNames): Pods {
  const { items } = deploymentList.parse(list)
  const count = (label: string, value: string) => {
    const ours = items.filter(({ metadata }) => metadata.labels[label] === value)
    return {
      wanted: ours.reduce((sum, { spec }) => sum + spec.replicas, 0),
      ready: ours.reduce((sum, { status }) => sum + status.readyReplicas, 0),
    }
  }
  return {
    gateway: count('serving.knative.dev/service', gateway),
    model: count('serving.kserve.io/inferenceservice', model),
  }
}
