#!/usr/bin/env python3
"""What a server of a given size needs, by arithmetic over measured costs; docs/sizing.md explains the figures.

    sizing.py users 1000 10000 100000      cores and memory of each component
    sizing.py events 100000                room-servers for so many events a second, by simulation

The costs are those of docs/performance.md. They were measured on two busy cores, so they are rather too high than too low.
--scale 0.7 multiplies them for a faster processor; measure yours with `./myelin bench` and compare.
"""

import argparse
import heapq
import math
import random
import statistics
from dataclasses import dataclass

# --- measured ---------------------------------------------------------------------------------------------------------

# Milliseconds of processor time for one message of `send-parallel`, components apart: 2.20 ms together. PostgreSQL takes 15%
# of that; the rest is divided as a profile of the same load divides it.
MESSAGE_MS = {
    "client-room-send": 0.84,  # HTTP, sessions and the producer: 45%
    "Kafka": 0.48,  # the broker's threads: 25%
    "room-server": 0.44,  # its loop: 23%
    "PostgreSQL": 0.33,
    "client-sync": 0.11,  # it follows the log: 5%
}
# One message in the /sync of one member: 0.92 ms together (`fan-out`, apart, one client-sync). How the components share it is
# estimated.
DELIVERY_MS = {"client-sync": 0.52, "account-server": 0.07, "receipt-server": 0.07, "room-server": 0.07, "gateway": 0.19}
# A parked /sync.
PARKED_KB = 14.1
PARKED_MS_PER_SECOND = 0.016
ONLINE_MS_PER_SECOND = 0.0019  # what presence takes for each user who is there
# Memory of a process that has just started, and of what a room and its members take in a reader's and a server's memory.
IDLE_MB = {"account-server": 200, "client-room-send": 180, "client-sync": 200, "federation-send": 165, "gateway": 20, "presence-server": 170,
           "receipt-server": 175, "room-server": 213, "typing-server": 165, "Kafka": 365, "PostgreSQL": 250}
STORED_BYTES = 1510
# A loop's transaction: what it takes whatever is in it, and what each event adds (decided, signed, inserted).
COMMIT_MS = 0.53
EVENT_MS = 0.12
MOST_IN_A_BATCH = 500

# --- assumed ----------------------------------------------------------------------------------------------------------


@dataclass
class Use:
    """How active users use the server; all of it can be changed on the command line."""

    messages: float  # a user's a day
    peak: float  # the busiest minute, as a multiple of the day's average
    online: float  # syncs parked at once, for each active user
    members: float  # members online in the room of an average message


def rates(users, use):
    """Messages and deliveries a second in the busiest minute, parked syncs, messages a day."""
    daily = users * use.messages
    sent = daily / 86_400 * use.peak
    return sent, sent * use.members, users * use.online, daily


def needed(users, use, scale):
    """Cores and megabytes of each component."""
    sent, delivered, parked, _ = rates(users, use)
    cores = {name: 0.0 for name in IDLE_MB}
    for name, cost in MESSAGE_MS.items():
        cores[name] += sent * cost
    for name, cost in DELIVERY_MS.items():
        cores[name] += delivered * cost
    cores["client-sync"] += parked * PARKED_MS_PER_SECOND
    cores["presence-server"] += parked * ONLINE_MS_PER_SECOND
    cores = {name: milliseconds / 1000 * scale for name, milliseconds in cores.items()}
    memory = dict(IDLE_MB)
    memory["client-sync"] += parked * PARKED_KB / 1024
    memory["gateway"] += parked * 2 * 8 / 1024
    return cores, memory


def print_users(counts, use, scale):
    print(f"Assumed: {use.messages:g} messages a user and day, the busiest minute {use.peak:g} times the average, "
          f"{use.online:g} parked syncs a user, {use.members:g} members online for a message.\n")
    heads = [f"{count:,} users" for count in counts]
    print("| | " + " | ".join(heads) + " |")
    print("| --- |" + " --- |" * len(counts))
    all_rates = [rates(count, use) for count in counts]
    print("| messages/s at the peak | " + " | ".join(f"{sent:,.1f}" for sent, *_ in all_rates) + " |")
    print("| deliveries/s | " + " | ".join(f"{delivered:,.0f}" for _, delivered, *_ in all_rates) + " |")
    print("| parked syncs | " + " | ".join(f"{parked:,.0f}" for _, _, parked, _ in all_rates) + " |")
    print("| new data a day | " + " | ".join(f"{daily * STORED_BYTES / 1e9:,.2f} GB" for *_, daily in all_rates) + " |")
    both = [needed(count, use, scale) for count in counts]
    for name in IDLE_MB:
        print(f"| {name} | " + " | ".join(f"{1000 * cores[name]:,.0f}m, {memory[name]:,.0f} MB" for cores, memory in both) + " |")
    print("| **all** | " + " | ".join(
        f"**{sum(cores.values()):.1f} cores, {sum(memory.values()) / 1024:,.1f} GB**" for cores, memory in both) + " |")


# --- simulated --------------------------------------------------------------------------------------------------------


def shares_of_shards(rooms, skew, shards, random_numbers):
    """The part of all events that each shard gets, and that of the busiest room: rooms are as busy as Zipf says."""
    weights = [rank ** -skew for rank in range(1, rooms + 1)]
    total = sum(weights)
    shares = [0.0] * shards
    for weight in weights:
        shares[random_numbers.randrange(shards)] += weight / total
    return shares, weights[0] / total


def spread(shares, instances, random_numbers):
    """Shards spread by number, not by load, as the servers spread them: each instance has as many as the others."""
    order = list(range(len(shares)))
    random_numbers.shuffle(order)
    return [sum(shares[shard] for shard in order[one::instances]) for one in range(instances)]


def latencies(rate, seconds, scale, random_numbers):
    """One loop: what has come meanwhile is decided and committed together. Returns latencies in ms."""
    now, waits = 0.0, []
    arrival = random_numbers.expovariate(rate)
    while now < seconds:
        if arrival > now:
            now = arrival
        batch = []
        while arrival <= now and len(batch) < MOST_IN_A_BATCH:
            batch.append(arrival)
            arrival += random_numbers.expovariate(rate)
        took = (COMMIT_MS + EVENT_MS * len(batch)) * scale / 1000
        now += took
        waits += [now - came for came in batch]
    return [1000 * wait for wait in waits]


def quantile(values, part):
    return heapq.nsmallest(max(1, math.ceil(len(values) * part)), values)[-1]


def print_events(rate, options):
    random_numbers = random.Random(options.seed)
    shares, busiest_room = shares_of_shards(options.rooms, options.skew, options.shards, random_numbers)
    print(f"{rate:,} events/s in {options.rooms:,} rooms, of which the busiest has {rate * busiest_room:,.0f}/s; {options.shards} shards, "
          f"of which the busiest has {rate * max(shares):,.0f}/s.\n")
    print("| room-servers | the busiest gets | of what it can do | p50 | p99 |")
    print("| --- | --- | --- | --- | --- |")
    instances = max(1, math.ceil(rate * EVENT_MS * options.scale / 1000))
    while True:
        loads = spread(shares, instances, random_numbers)
        hottest = max(loads) * rate
        part = hottest * options.scale * (EVENT_MS + COMMIT_MS / MOST_IN_A_BATCH) / 1000
        waits = latencies(hottest, options.seconds, options.scale, random_numbers)
        good = part < 0.7 and quantile(waits, 0.99) < options.p99
        print(f"| {instances} | {hottest:,.0f}/s | {100 * part:.0f}% | {statistics.median(waits):,.1f} ms | {quantile(waits, 0.99):,.1f} ms |")
        if good or instances >= options.shards:
            break
        instances = min(options.shards, math.ceil(instances * 1.25))
    print()
    by_component = {name: rate * cost * options.scale / 1000 for name, cost in MESSAGE_MS.items()}
    print("Cores: " + ", ".join(f"{name} {cores:,.0f}" for name, cores in by_component.items()) + ".")
    print(f"Kafka: {options.shards} partitions a topic; {rate * options.record_bytes * 2 / 1e6:,.0f} MB/s in, and as much again for each further replica.")
    print(f"PostgreSQL: {rate * STORED_BYTES / 1e6:,.0f} MB/s of new data, {rate * STORED_BYTES * 86_400 / 1e12:,.1f} TB a day.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies all costs of processor time (1)")
    what = parser.add_subparsers(dest="what", required=True)
    users = what.add_parser("users")
    users.add_argument("counts", type=int, nargs="+")
    users.add_argument("--messages", type=float, default=20, help="a user's a day (20)")
    users.add_argument("--peak", type=float, default=5, help="the busiest minute, as a multiple of the average (5)")
    users.add_argument("--online", type=float, default=0.5, help="parked syncs for each active user (0.5)")
    users.add_argument("--members", type=float, default=20, help="members online for an average message (20)")
    events = what.add_parser("events")
    events.add_argument("rate", type=int, help="events a second")
    events.add_argument("--rooms", type=int, default=1_000_000)
    events.add_argument("--skew", type=float, default=0.8, help="of Zipf's law (0.8)")
    events.add_argument("--shards", type=int, default=1024)
    events.add_argument("--p99", type=float, default=50, help="milliseconds in the loop that are enough (50)")
    events.add_argument("--record-bytes", type=int, default=900)
    events.add_argument("--seconds", type=float, default=10, help="simulated (10)")
    events.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "users":
        print_users(options.counts, Use(options.messages, options.peak, options.online, options.members), options.scale)
    else:
        print_events(options.rate, options)


if __name__ == "__main__":
    main()
