# SPDX-FileCopyrightText: 2026 The nettune.tcp contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compute the plan of one run from the requests of profiles, the journal and the host: every write and file change.

Check mode reports the plan, diff mode draws it, and host/apply.py carries it out.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from .._common.errors import InvalidOption
from .._formats import port_set
from .._formats.sysctl_conf import Assignment
from .._parameters import value, write_order
from .._parameters.write_order import PORT_RANGE, RESERVED_PORTS, Change
from . import admit, connection_memory, hazards, modules, profile_files, resolve, take_over
from .boot import boot
from .hazards import Case, Hazard
from .journal import Profile, State, current
from .plan import Outcome, Plan, Wish
from .request import AT_LEAST, DISPLACED, Request, join
from .resolve import Situation, Target
from .situation import situation_of, without_ours
from .snapshot import Host, boot_lines, without


def calculate(wish: Wish, host: Host, journal: State) -> Plan:
    """Return the plan for `wish`. host: with readings of names_to_read(). journal: as it was saved last."""
    state = current(journal, boot_id=host.boot_id)
    return _Calculation(wish, host, journal, state).plan()


def names_to_read(names: Iterable[str], journal: State) -> list[str]:
    """Return the parameters to read for a plan for `names`: those that it may write, or whose values it needs."""
    keys = dict.fromkeys([*names, *journal.keys])
    return list(dict.fromkeys([*keys, PORT_RANGE, *write_order.related(keys)]))


class _Calculation:
    """One calculation; each step uses the results of the steps before it."""

    def __init__(self, wish: Wish, host: Host, journal: State, state: State) -> None:
        self.wish, self.journal, self.state = wish, journal, state
        self.host = host = without_ours(host, state)
        interrupted = (name for name, one in state.profiles.items() if not one.requests)
        self.run_profiles = frozenset({wish.profile, *wish.remove, *interrupted})
        ours = frozenset(map(profile_files.path, {*state.profiles, wish.profile}))
        self.lines_before = self._boot_lines(host.files_at_boot)
        others = take_over.uncommented_files(without(host.boot_files, ours), state.taken)
        # Our files may load the modules that those of others need.
        programs = host.programs._replace(modules=frozenset())
        self.lines_of_others = boot_lines(others, loader=host.loader, programs=programs)
        self.situations: dict[str, Situation] = {}
        self.targets: dict[str, Target] = {}
        self.refused: dict[str, str] = {}
        self.conflicts: list[dict[str, Any]] = []
        self.listeners = ""
        self.refused_options = [("modules", one.reason) for one in wish.modules if one.status == modules.REFUSED]

    def plan(self) -> Plan:
        requests = {setting.name: setting.request for setting in self.wish.settings if setting.request is not None}
        self.requests = {**self._displaced(requests), **requests}
        for name in self._affected():
            self._set_target(name)
        self._refuse_broken_relations()
        found = (*self._hazards(), *self._memory_hazard())
        changes = self._changes()
        after = self._state_after()
        after, files, not_written = profile_files.calculate(
            self.host, before=self.state, after=after, run_profiles=self.run_profiles
        )
        self.refused = {**not_written, **self.refused}
        lines_after = self._boot_lines(profile_files.applied(self.host.files_at_boot, files))
        outcomes = {name: self._outcome(name, lines_after) for name in self._affected()}
        writes = tuple((name, changes[name]) for name in write_order.ordered(changes))
        return Plan(
            wish=self.wish,
            writes=writes,
            files=files,
            before=self.journal,
            after=after,
            outcomes=outcomes,
            conflicts=tuple(self.conflicts),
            hazards=found,
            refused=tuple(self.refused_options),
        )

    def _boot_lines(self, files: Mapping[str, str]) -> list[Assignment]:
        return boot_lines(files, loader=self.host.loader, programs=self.host.programs)

    def _displaced(self, requests: Iterable[str]) -> dict[str, Request]:
        """Return requests for the counterparts of the given parameters, as far as this host has them."""
        others = filter(None, map(write_order.counterpart, requests))
        return {name: Request(DISPLACED, "0") for name in others if self.host.reading(name).text}

    def _affected(self) -> list[str]:
        """Return this run's parameters: requested now, requested until now, or left by an interrupted run.

        The port range comes first, as sets of ports are computed from it.
        """
        profiles = (one for name, one in self.state.profiles.items() if name in self.run_profiles)
        recorded = {key for one in profiles for key in one.requests}
        all_recorded = {key for one in self.state.profiles.values() for key in one.requests}
        left_over = set(self.state.keys) - all_recorded
        names = dict.fromkeys([*self.requests, *sorted((recorded | left_over) - set(self.requests))])
        return sorted(names, key=lambda name: name != PORT_RANGE)

    def _set_target(self, name: str) -> None:
        """Set the target of one parameter, or record why it has none."""
        reading = self.host.reading(name)
        if reading.unreadable:
            self.refused[name] = f"{name} cannot be read: {reading.unreadable}"
            return
        requests, situation = self._requests_by_profile(name), self._situation(name)
        try:
            target = (self._target if situation.exists else self._target_of_absent)(situation, requests)
        except InvalidOption as error:
            self._refuse_conflict(name, requests, str(error))
            return
        if target is None:
            return
        self.targets[name] = target
        reason = admit.locked(situation.parameter, self.host) if target.value != situation.running else ""
        if reason:
            self.refused[name] = f"{name} cannot be written: {reason}"

    def _target_of_absent(self, situation: Situation, requests: Mapping[str, Request]) -> Target | None:
        """Return the target of a parameter that does not exist, mostly until its module is loaded.

        None if no persistent profile requests it: the original value went with the module. Raises InvalidOption if
        profiles disagree.
        """
        persistent = self._persistent_ones(requests)
        if not persistent:
            return None
        return resolve.resolve_absent(situation, join(situation.parameter, persistent))

    def _target(self, situation: Situation, requests: Mapping[str, Request]) -> Target | None:
        """Return the target of a parameter; None if no profile requests it and someone else has changed it since.

        Raises InvalidOption if profiles disagree.
        """
        if not requests:
            restored = resolve.restore(situation)
            return None if restored is None else Target(restored, None, restored)
        target = resolve.resolve(situation, join(situation.parameter, requests))
        return target._replace(line=self._line(situation, requests))

    def _line(self, situation: Situation, requests: Mapping[str, Request]) -> str | None:
        """Return the value for the drop-ins; None if no persistent profile requests one."""
        persistent = self._persistent_ones(requests)
        if not persistent:
            return None
        return resolve.resolve(situation, join(situation.parameter, persistent)).line

    def _persistent_ones(self, requests: Mapping[str, Request]) -> dict[str, Request]:
        """Return the requests of persistent profiles, which alone decide the value at boot."""
        return {profile: request for profile, request in requests.items() if self._is_persistent(profile)}

    def _is_persistent(self, profile: str) -> bool:
        return self.wish.persistent if profile == self.wish.profile else self.state.profiles[profile].persistent

    def _requests_by_profile(self, name: str) -> dict[str, Request]:
        """Return what each profile requests of the parameter, once this run is done."""
        requests = {name_: one.requests[name] for name_, one in self._others().items() if name in one.requests}
        if name in self.requests:
            requests[self.wish.profile] = self.requests[name] = self._with_listeners(name)
        return requests

    def _others(self) -> dict[str, Profile]:
        """Return the other profiles, with the values of this run for the parameters that it overrides."""
        values = {name: one for name, one in self.requests.items() if name in self.wish.overrides}
        found = {}
        for name, profile in self.state.profiles.items():
            if name not in self.run_profiles:
                new = {
                    key: one._replace(reason=profile.requests[key].reason)
                    for key, one in values.items()
                    if key in profile.requests
                }
                found[name] = profile._replace(requests={**profile.requests, **new})
        return found

    def _with_listeners(self, name: str) -> Request:
        """Return the request with the ports that `include: [listeners]` means on this host, now or in earlier runs."""
        request = self.requests[name]
        if not request.listeners:
            return request
        port_range, new = self._situation(PORT_RANGE), self._own_range()
        found: frozenset[int] = frozenset()
        if new:
            reserved = (port_set.parse(one.listeners) for one in self.state.profiles.values())
            services = self.host.listeners.union(*reserved)
            found = hazards.newly_ephemeral(services, old=port_range.without_us, new=new)
            # In the range as it is, sockets of clients look the same.
            found |= hazards.newly_ephemeral(self.host.datagram_ports, old=port_range.running, new=new)
        earlier = self.state.profiles.get(self.wish.profile)
        found |= port_set.parse(earlier.listeners if earlier else "")
        self.listeners = port_set.render(found)
        return request._replace(value=port_set.render(found | port_set.parse(request.value)))

    def _own_range(self) -> str:
        """Return the port range that the profile alone requests, or else the one that the host will have.

        Each profile reserves the listeners of its own range, so that it needs nothing of a profile that is reverted.
        """
        situation = self._situation(PORT_RANGE)
        if PORT_RANGE in self.requests and situation.running:
            return resolve.resolve(situation, self.requests[PORT_RANGE]).value
        return self.targets[PORT_RANGE].value if PORT_RANGE in self.targets else situation.running

    def _situation(self, name: str) -> Situation:
        if name not in self.situations:
            at_boot = boot(name, self.lines_of_others, loader=self.host.loader)
            self.situations[name] = situation_of(name, self.host, self.state, at_boot)
        return self.situations[name]

    def _refuse_conflict(self, name: str, requests: Mapping[str, Request], reason: str) -> None:
        """Refuse a parameter about which profiles disagree, and list the other profiles."""
        self.refused[name] = f"{reason} ({'; '.join(map(self._profile_with_path, sorted(requests)))})"
        others = (profile for profile in requests if profile != self.wish.profile)
        secret = admit.describe(name, self.host).secret
        self.conflicts += [
            {
                "key": name,
                "profile": other,
                "value": None if secret else requests[other].shown(),
                "reason": requests[other].reason or None,
            }
            for other in others
        ]

    def _profile_with_path(self, profile: str) -> str:
        """Return a profile with the path of its drop-in, for a message."""
        path = profile_files.path(profile)
        if not self._is_persistent(profile):
            return f"{profile}: not persistent, in no file"
        return f"{profile}: {path}" if path in self.host.boot_files else f"{profile}: {path}, not yet written"

    def _refuse_broken_relations(self) -> None:
        """Refuse values that the kernel would reject because of the value of another parameter."""
        values = {name: target.value for name, target in self.targets.items()}
        for name in write_order.related(self.targets):
            values.setdefault(name, self._situation(name).running)
        for name, reason in write_order.broken(values, among=self.targets):
            self.refused.setdefault(name, f"the kernel would refuse it: {reason}")

    def _changes(self) -> dict[str, Change]:
        """Return the changes of running values, by parameter."""
        wanted = {name: Change(self._situation(name).running, target.value) for name, target in self.targets.items()}
        present = (name for name in wanted if self.host.reading(name).text is not None and name not in self.refused)
        return write_order.needed({name: wanted[name] for name in present if wanted[name].before != wanted[name].after})

    def _hazards(self) -> tuple[Hazard, ...]:
        """Return the hazards of requests, and refuse those that are not accepted. Reverting needs no acceptance."""
        values = {name: target.value for name, target in self.targets.items()}
        values.setdefault(RESERVED_PORTS, self._situation(RESERVED_PORTS).running)
        names = [name for name in self.requests if name in self.targets and name not in self.refused]
        found = [hazard for name in names for hazard in self._hazards_of(name, values)]
        for hazard in found:
            if hazard.hazard not in self.wish.accept_hazards:
                self.refused[hazard.key] = hazard.refusal()
        return tuple(found)

    def _memory_hazard(self) -> tuple[Hazard, ...]:
        """Return the hazard that the host lacks memory for `connections`; refuse the option if it is not accepted."""
        values = {
            name: self.targets[name].value if name in self.targets else self._situation(name).running
            for name in connection_memory.PARAMETERS
            if self.host.reading(name).text is not None
        }
        found = hazards.memory(self.wish.connections, values, self.host.memory)
        for hazard in found:
            if hazard.hazard not in self.wish.accept_hazards:
                self.refused_options.append((hazard.key, hazard.refusal()))
        return found

    def _hazards_of(self, name: str, values: Mapping[str, str]) -> tuple[Hazard, ...]:
        """Return the hazards of the running value; without any, those of the value at boot."""
        situation, target = self._situation(name), self.targets[name]
        # Of the UDP ports, those of clients too count only for a range that does not include them yet.
        case = Case(
            parameter=situation.parameter,
            change=Change(situation.running, target.value),
            values=values,
            listeners=self.host.listeners | self.host.datagram_ports,
            is_floor=self.requests[name].how == AT_LEAST,
        )
        at_boot = boot(name, self.lines_before, loader=self.host.loader).value
        if at_boot is None or target.line is None or name == PORT_RANGE:
            return hazards.find(case)
        change = Change(value.normal(situation.parameter, at_boot), target.line)
        return hazards.find(case) or hazards.at_boot(case._replace(change=change))

    def _state_after(self) -> State:
        """Return the journal once the plan is carried out, without the files taken over."""
        profiles = self._others()
        if self.requests:
            module_names, module_texts = self._modules()
            profiles[self.wish.profile] = Profile(
                requests=self.requests,
                persistent=self.wish.persistent,
                listeners=self.listeners,
                boot_id=self.host.boot_id,
                modules=module_names,
                module_texts=module_texts,
                take_over=self.wish.take_over and self.wish.persistent,
            )
        recorded = {key for one in profiles.values() for key in one.requests}
        keys = {name: original for name, original in self.state.keys.items() if name in recorded}
        with_target = (name for name in self._affected() if name in recorded and name in self.targets)
        keys.update({name: resolve.journalled(self._situation(name), self.targets[name]) for name in with_target})
        return profile_files.with_texts(
            self.state._replace(profiles=profiles, keys=keys), touched=set(self._affected())
        )

    def _modules(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the modules to load at boot and the text of their file; none if it is not persistent."""
        names = tuple(one.name for one in self.wish.modules if not one.status) if self.wish.persistent else ()
        return names, (modules.text(self.wish.profile, names),) if names else ()

    def _outcome(self, name: str, lines_after: Any) -> Outcome:
        return Outcome(
            name=name,
            running=None if self.host.reading(name).text is None else self._situation(name).running,
            target=self.targets.get(name),
            is_ours=self._situation(name).is_ours,
            boot_before=boot(name, self.lines_before, loader=self.host.loader),
            boot_after=boot(name, lines_after, loader=self.host.loader),
            refused=self.refused.get(name, ""),
        )
