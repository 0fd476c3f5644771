import { command } from '../commands.mjs'
import { sources, versions } from './versions.mjs'

// Clusters on one machine, made by minikube or kind. Both let the node port of the ingress out at port 80 of this
// machine, so that names below 127.0.0.1.sslip.io lead to it.

/** @typedef {import('../steps.mjs').Step} Step */

const name = 'ocr'
/** As kind-cluster.yaml has it, too. */
export const nodePort = 31080

/**
 * @typedef {object} LocalCluster
 * @property {string} context in the kubeconfig
 * @property {Omit<Step, 'name' | 'what'>} start
 * @property {(image: string) => import('../commands.mjs').Command} loadImage from docker
 * @property {(archive: string) => import('../commands.mjs').Command} loadArchive that podman saved
 */

/** @type {Readonly<Record<'minikube' | 'kind', LocalCluster>>} */
export const localClusters = {
  minikube: {
    context: name,
    start: {
      commands: [
        command(
          'minikube',
          'start',
          `--profile=${name}`,
          '--driver=docker',
          `--kubernetes-version=v${versions.kubernetes}`,
          '--cpus=4',
          '--memory=8g',
          `--ports=127.0.0.1:80:${nodePort}`,
        ),
      ],
      isDone: (ask) => ask('minikube', 'status', `--profile=${name}`) !== undefined,
      minutes: 15,
      look: `minikube logs --profile=${name}; port 80 of this machine has to be free, docker needs 4 CPUs and 8 GiB`,
    },
    loadImage: (image) => command('minikube', 'image', 'load', image, `--profile=${name}`),
    loadArchive: (archive) => command('minikube', 'image', 'load', archive, `--profile=${name}`),
  },
  kind: {
    context: `kind-${name}`,
    start: {
      commands: [
        command(
          'kind',
          'create',
          'cluster',
          `--name=${name}`,
          `--image=${sources.kindNode}`,
          '--config=scripts/platform/kind-cluster.yaml',
          '--wait=5m',
        ),
      ],
      isDone: (ask) => (ask('kind', 'get', 'clusters') ?? '').split('\n').includes(name),
      minutes: 15,
      look: `docker logs ${name}-control-plane; port 80 of this machine has to be free, docker needs 4 CPUs and 8 GiB`,
    },
    loadImage: (image) => command('kind', 'load', 'docker-image', image, `--name=${name}`),
    loadArchive: (archive) => command('kind', 'load', 'image-archive', archive, `--name=${name}`),
  },
}
