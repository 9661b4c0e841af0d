// The queue of messages to systems: put with the act, sent on a beat.
#include "node/tell_systems.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/own_books.hpp"
#include "node/retry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

constexpr std::string_view message_kind = "webhook";
constexpr std::string_view state_kind = "webhook-state";
constexpr std::string_view state_name = "state";
constexpr std::string_view purpose = "webhooks";
// One system after the other: who is slow to answer gives the turn away after so long.
constexpr Milliseconds turn{5'000};
constexpr std::size_t reference_bytes = 12;
constexpr std::size_t id_bytes = 16;

std::string waiting_counter(std::string_view name) {
    return fmt::format("webhook/{}/waiting", name);
}

std::string put_counter(std::string_view name) {
    return fmt::format("webhook/{}/put", name);
}

std::string missed_counter(std::string_view name) {
    return fmt::format("webhook/{}/missed", name);
}

std::int64_t counter(StoreReader& reader, const std::string& name) {
    const auto found = reader.counters(name, "", 1);
    return found.empty() || found.front().first != name ? 0 : found.front().second;
}

crypto::Ed25519Key signing_key(const Node& node) {
    auto key = crypto::Ed25519Key::from_seed(own_key(node, "webhook signatures"));
    if (!key) throw Fault("the key of webhooks cannot be made: " + key.error().facts.text());
    return *key;
}

// The same act gives the same id however often it is told: receivers know repeats by it.
std::string message_id(const Node& node, std::string_view of) {
    return "msg_" +
           to_hex(view(crypto::hmac_sha256(own_key(node, "webhook ids"), of)).substr(0, id_bytes));
}

Digest reference_mark(const Node& node, std::string_view reference) {
    return crypto::hmac_sha256(own_key(node, "webhook references"), reference);
}

// ---- what waits

struct Message {
    std::string id;
    std::string kind;
    std::string reference;   ///< empty where it is about no case
    std::int64_t missed = 0; ///< how many messages were given up, of kind webhook.gap
    Instant at;
};

void enqueue(const Node& node, StoreWriter& writer, const Webhook& to, const Message& message) {
    if (counter(writer, waiting_counter(to.name)) >=
        static_cast<std::int64_t>(limits::webhook_waiting)) {
        writer.count(missed_counter(to.name), 1);
        return;
    }
    KeptRow row;
    row.kind = message_kind;
    row.owner = to.name;
    // In the order in which acts were written, which no clock knows.
    const auto place = put_counter(to.name);
    row.name = fmt::format("{:016x}", counter(writer, place));
    writer.count(place, 1);
    row.updated = message.at;
    row.sealed = seal_own(
        node, purpose,
        json::print(json::Object{
            {"id", message.id}, {"kind", message.kind}, {"reference", message.reference}}),
        row.owner + " " + row.name);
    writer.put_kept(row);
    writer.count(waiting_counter(to.name), 1);
}

// Nothing where the row was sealed under a key that this node no longer has.
std::optional<Message> open_message(const Node& node, const KeptRow& row) {
    const auto object = open_own_object(node, purpose, row.sealed, row.owner + " " + row.name);
    if (!object) return std::nullopt;
    json::Reader in{*object, "message"};
    Message out{in.string("id"), in.string("kind"), in.string("reference"), 0, row.updated};
    if (!in.done()) return std::nullopt;
    return out;
}

// ---- how a system stands

struct State {
    std::int64_t attempts = 0;
    std::int64_t told_missed = 0; ///< of the messages given up, so many the system knows of
    Instant next_try;
    std::optional<Instant> heard;
    std::string problem;
};

State read_state(const Node& node, StoreReader& reader, const std::string& name) {
    State out;
    const auto row = reader.find_kept(state_kind, name, state_name);
    const auto object =
        row ? open_own_object(node, purpose, row->sealed, row->owner) : std::nullopt;
    if (!object) return out;
    json::Reader in{*object, "state"};
    out.attempts = in.integer("attempts");
    out.told_missed = in.integer("told_missed");
    out.next_try = Instant{Milliseconds{in.integer("next_try")}};
    if (const auto heard = in.integer_if("heard")) out.heard = Instant{Milliseconds{*heard}};
    out.problem = in.string("problem");
    if (!in.done()) return {};
    return out;
}

void put_state(const Node& node, StoreWriter& writer, const std::string& name, const State& state) {
    json::Object object{
        {"attempts", state.attempts},
        {"told_missed", state.told_missed},
        {"next_try", std::int64_t{state.next_try.time_since_epoch().count()}},
        {"problem", state.problem}};
    if (state.heard) object["heard"] = std::int64_t{state.heard->time_since_epoch().count()};
    KeptRow row;
    row.kind = state_kind;
    row.owner = name;
    row.name = state_name;
    row.updated = node.now();
    row.sealed = seal_own(node, purpose, json::print(object), row.owner);
    writer.put_kept(row);
}

// ---- sending

// https://www.standardwebhooks.com: the signature is over the id, the time of sending and the body.
Systems::Message signed_message(const Node& node, const Webhook& to, const Message& message) {
    json::Object data;
    if (!message.reference.empty()) data["reference"] = message.reference;
    if (message.missed > 0) data["missed"] = message.missed;
    const std::string body = json::print(json::Object{
        {"type", message.kind}, {"timestamp", to_text(message.at)}, {"data", std::move(data)}});
    const auto seconds =
        std::chrono::floor<std::chrono::seconds>(node.now()).time_since_epoch().count();
    const auto signature =
        signing_key(node).sign(fmt::format("{}.{}.{}", message.id, seconds, body));
    return {
        to.url,
        {{"content-type", "application/json"},
         {"webhook-id", message.id},
         {"webhook-timestamp", std::to_string(seconds)},
         {"webhook-signature", "v1a," + to_base64(signature)}},
        body};
}

// Nothing when it was heard, else what was in the way.
std::optional<std::string> send(
    Node& node, Systems& systems, const Webhook& to, const Message& message) {
    std::string problem;
    const auto status = systems.post(signed_message(node, to, message), problem);
    if (!status) return problem;
    if (*status >= 200 && *status < 300) return std::nullopt;
    return fmt::format("answered with status {}", *status);
}

void remove(StoreWriter& writer, const KeptRow& row) {
    if (!writer.find_kept(row.kind, row.owner, row.name)) return;
    writer.remove_kept(row.kind, row.owner, row.name);
    writer.count(waiting_counter(row.owner), -1);
}

struct Waiting {
    KeptRow row;
    Message message;
};

// What is too old, or cannot be read any more, goes, and is counted as missed.
std::vector<Waiting> drop_old(Node& node, const Webhook& to, std::vector<KeptRow> rows) {
    std::vector<Waiting> kept;
    std::vector<KeptRow> gone;
    for (auto& row : rows) {
        auto message = row.updated + limits::webhook_kept <= node.now() ? std::nullopt
                                                                        : open_message(node, row);
        if (message)
            kept.push_back({std::move(row), std::move(*message)});
        else
            gone.push_back(std::move(row));
    }
    if (gone.empty()) return kept;
    node.store().write([&](StoreWriter& writer) {
        for (const auto& row : gone)
            remove(writer, row);
        writer.count(missed_counter(to.name), static_cast<std::int64_t>(gone.size()));
    });
    node.log("webhook given up", {{"name", to.name}, {"messages", std::to_string(gone.size())}});
    return kept;
}

void not_heard(Node& node, const Webhook& to, State state, std::string problem) {
    state.attempts += 1;
    state.problem = std::move(problem);
    state.next_try = node.now() + retry_wait(node.settings(), state.attempts);
    if (state.attempts == 1)
        node.log("webhook not heard", {{"name", to.name}, {"problem", state.problem}});
    node.store().write([&](StoreWriter& writer) { put_state(node, writer, to.name, state); });
}

void heard(Node& node, State& state) {
    state.attempts = 0;
    state.problem.clear();
    state.heard = node.now();
}

// First of all how many it has missed: it may then look for itself.
bool tell_gap(Node& node, Systems& systems, const Webhook& to, State& state, std::int64_t missed) {
    if (missed <= state.told_missed) return true;
    const Message message{
        message_id(node, fmt::format("gap {} {}", to.name, missed)), "webhook.gap", "",
        missed - state.told_missed, node.now()};
    if (auto problem = send(node, systems, to, message)) {
        not_heard(node, to, state, std::move(*problem));
        return false;
    }
    heard(node, state);
    state.told_missed = missed;
    node.store().write([&](StoreWriter& writer) { put_state(node, writer, to.name, state); });
    return true;
}

void tell_one(Node& node, Systems& systems, const Webhook& to, Told& count) {
    State state;
    std::vector<KeptRow> rows;
    node.store().read([&](StoreReader& reader) {
        state = read_state(node, reader, to.name);
        rows = reader.kept(message_kind, to.name, "", limits::webhook_at_once);
    });
    const auto waiting = drop_old(node, to, std::move(rows));
    std::int64_t missed = 0;
    node.store().read(
        [&](StoreReader& reader) { missed = counter(reader, missed_counter(to.name)); });
    if (state.next_try > node.now()) {
        if (!waiting.empty()) ++count.waiting;
        return;
    }
    if (!tell_gap(node, systems, to, state, missed)) {
        ++count.waiting;
        return;
    }
    const Instant begun = node.now();
    for (const auto& [row, message] : waiting) {
        if (node.now() - begun >= turn) return;
        if (auto problem = send(node, systems, to, message)) {
            not_heard(node, to, state, std::move(*problem));
            ++count.waiting;
            return;
        }
        heard(node, state);
        ++count.heard;
        node.store().write([&, &done = row](StoreWriter& writer) {
            remove(writer, done);
            put_state(node, writer, to.name, state);
        });
    }
}

// What waits for a system that is not in the settings any more.
void forget_others(Node& node) {
    std::vector<KeptRow> rows;
    node.store().read([&](StoreReader& reader) {
        for (const auto& [name, value] : reader.counters("webhook/", "", limits::page_rows)) {
            constexpr std::string_view end = "/waiting";
            if (value == 0 || !name.ends_with(end)) continue;
            const auto begin = std::string_view("webhook/").size();
            const auto system = name.substr(begin, name.size() - end.size() - begin);
            const auto& all = node.settings().webhooks;
            if (std::any_of(
                    all.begin(), all.end(), [&](const auto& hook) { return hook.name == system; }))
                continue;
            for (auto& row : reader.kept(message_kind, system, "", limits::webhook_at_once))
                rows.push_back(std::move(row));
        }
    });
    if (rows.empty()) return;
    node.store().write([&](StoreWriter& writer) {
        for (const auto& row : rows)
            remove(writer, row);
    });
}

bool wants(const Webhook& hook, std::string_view kind) {
    return hook.kinds.empty() ||
           std::find(hook.kinds.begin(), hook.kinds.end(), kind) != hook.kinds.end();
}

// What this participant owes and did not owe before.
bool owes_more(const std::optional<WorkRow>& before, const WorkRow& row) {
    return std::any_of(row.duties.begin(), row.duties.end(), [&](const WorkDuty& duty) {
        return !before ||
               std::none_of(before->duties.begin(), before->duties.end(), [&](const auto& old) {
                   return old.role == duty.role && old.act == duty.act;
               });
    });
}

} // namespace

void announce(const Node& node, StoreWriter& writer, const WorkRow& row) {
    const auto& systems = node.settings().webhooks;
    if (systems.empty()) return;
    const auto before = writer.find_work(row.case_id);
    std::vector<std::string_view> kinds{before ? "case.changed" : "case.opened"};
    if (owes_more(before, row)) kinds.emplace_back("case.owed");
    if (row.act.empty() && before && !before->act.empty()) kinds.emplace_back("case.at-rest");
    const auto reference = case_reference(node, row.case_id);
    const auto mark = reference_mark(node, reference);
    if (!writer.find_mark(mark, row.case_id))
        writer.add_mark({mark, row.case_id, node.now(), false});
    for (const auto& hook : systems)
        for (const auto kind : kinds)
            if (wants(hook, kind))
                enqueue(
                    node, writer, hook,
                    {message_id(
                         node,
                         fmt::format("{} {} {} {}", hook.name, kind, row.case_id.str(), row.acts)),
                     std::string(kind), reference, 0, node.now()});
}

Told tell_systems(Node& node, Systems& systems) {
    Told count;
    forget_others(node);
    for (const auto& hook : node.settings().webhooks)
        tell_one(node, systems, hook, count);
    return count;
}

Result<void> test_webhook(Node& node, std::string_view name) {
    const auto& all = node.settings().webhooks;
    const auto hook =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (hook == all.end())
        return refuse(Code::not_found, say("no webhook \"{}\" in the settings", name));
    const auto salt = to_hex(crypto::random_bytes(id_bytes));
    node.store().write([&](StoreWriter& writer) {
        // The administrator waits for it: whatever was in the way is tried again now.
        auto state = read_state(node, writer, hook->name);
        state.next_try = node.now();
        put_state(node, writer, hook->name, state);
        enqueue(
            node, writer, *hook,
            {message_id(node, fmt::format("test {} {}", hook->name, salt)), "webhook.test", "", 0,
             node.now()});
    });
    return {};
}

std::vector<WebhookState> webhook_states(const Node& node, StoreReader& reader) {
    std::vector<WebhookState> out;
    for (const auto& hook : node.settings().webhooks) {
        const auto state = read_state(node, reader, hook.name);
        out.push_back(
            {hook.name, hook.url, counter(reader, waiting_counter(hook.name)),
             counter(reader, missed_counter(hook.name)), state.attempts, state.problem,
             state.heard});
    }
    return out;
}

std::string webhook_key(const Node& node) {
    return "whpk_" + to_base64(signing_key(node).public_key());
}

std::string case_reference(const Node& node, const CaseId& id) {
    const auto digest = crypto::hmac_sha256(own_key(node, "case references"), id.str());
    return to_hex(view(digest).substr(0, reference_bytes));
}

std::optional<CaseId> case_of_reference(
    const Node& node, StoreReader& reader, std::string_view reference) {
    if (reference.size() != 2 * reference_bytes) return std::nullopt;
    const auto found = reader.marked(reference_mark(node, reference), 1);
    if (found.empty()) return std::nullopt;
    return found.front().case_id;
}

} // namespace comity::node
