"""The rights that each service needs in Kafka and in PostgreSQL, as manifests for Strimzi and CloudNativePG."""

REPLY = "reply"
MADE = "# Made by deploy/helm/generate from the services' descriptions; see docs/kubernetes.md.\n"

CLUSTER = """\
# Kafka with three brokers, TLS, and a user of its own for each service, by Strimzi's operator (0.49 or newer).
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata:
  name: myelin
  labels:
    strimzi.io/cluster: myelin-kafka
spec:
  replicas: 3
  roles: [controller, broker]
  storage:
    type: jbod
    volumes:
      - id: 0
        type: persistent-claim
        size: 50Gi
        kraftMetadata: shared
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata:
  name: myelin-kafka
spec:
  kafka:
    listeners:
      - name: tls
        port: 9093
        type: internal
        tls: true
        authentication:
          type: scram-sha-512
    authorization:
      type: simple
    config:
      default.replication.factor: 3
      min.insync.replicas: 2
      offsets.topic.replication.factor: 3
      # Myelin creates its topics itself, with as many partitions as it has shards.
      auto.create.topics.enable: false
  entityOperator:
    userOperator: {}
"""

USER = """\
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata:
  name: myelin-{name}
  labels:
    strimzi.io/cluster: myelin-kafka
spec:
  authentication:
    type: scram-sha-512
  authorization:
    type: simple
    acls:
"""

ACL = """\
      - resource:
          type: topic
          name: {topic}
          patternType: literal
        operations: [{operations}]
"""

DATABASE = """\
# PostgreSQL with two standbys of which one is synchronous, by CloudNativePG's operator (1.26 or newer). Each service has a
# role that owns its schema and can see nothing else.
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: myelin-postgresql
spec:
  instances: 3
  storage:
    size: 50Gi
  postgresql:
    synchronous:
      method: any
      number: 1
    parameters:
      max_connections: "400"
  bootstrap:
    initdb:
      database: myelin
      owner: myelin
  managed:
    roles:
"""

ROLE = """\
      - name: myelin_{schema}
        ensure: present
        login: true
        passwordSecret:
          name: myelin-postgresql-{service}
"""

SCHEMAS = """\
---
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata:
  name: myelin
spec:
  name: myelin
  owner: myelin
  cluster:
    name: myelin-postgresql
  schemas:
"""


def operations(service, topic):
    """What a service may do with a topic. Whoever owns a topic, or waits for answers, may create it."""
    reads, writes = topic in service["reads"], topic in service["writes"]
    if topic == REPLY:
        reads, writes = True, service["role"] == "server"
    wanted = ["Describe"]
    if reads:
        wanted.append("Read")
    if writes or topic in service["orders"]:
        wanted.append("Write")
    if topic == REPLY or (service["role"] == "server" and (reads or writes)):
        wanted += ["Create", "Alter"]
    return wanted


def kafka(services):
    text = MADE + CLUSTER
    for service in services:
        topics = {*service["reads"], *service["writes"], *service["orders"]}
        # Servers answer commands through this topic. Writers, and servers that give orders, read the answers there.
        if service["role"] == "server" or (service["role"] == "writer" and service["writes"]):
            topics.add(REPLY)
        text += USER.format(name=service["name"])
        for topic in sorted(topics):
            text += ACL.format(topic=topic, operations=", ".join(operations(service, topic)))
    return text


def postgresql(services):
    with_schema = [service for service in services if service["schema"]]
    text = MADE + DATABASE
    for service in with_schema:
        text += ROLE.format(schema=service["schema"], service=service["name"])
    text += SCHEMAS
    for service in with_schema:
        text += f"    - name: {service['schema']}\n      owner: myelin_{service['schema']}\n"
    return text
