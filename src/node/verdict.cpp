// The verdict on an order.
#include "node/verdict.hpp"

#include "act/seal.hpp"
#include "base/fault.hpp"
#include "node/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

struct Order {
    std::string kind; ///< order, freeze or authorise
    act::Header header;
    Instant admitted;
    json::Object fields;                ///< of the act
    const json::Object* body = nullptr; ///< what is ordered: the fields, or provider_order in them
};

std::string text_in(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<Order> order_of(Node& node, StoreReader& reader, const casefile::Case& state) {
    const auto graph = graph_of(node, state);
    // Without an act `order` the authorisation itself carries what the provider obeys.
    const bool has_order = graph->find("order").has_value();
    const std::vector<std::string_view> kinds =
        has_order ? std::vector<std::string_view>{"order", "freeze"}
                  : std::vector<std::string_view>{"authorise"};
    for (const auto kind : kinds) {
        const auto at = state.latest.find(std::string(kind));
        if (at == state.latest.end()) continue;
        const auto row = reader.find_act(at->second);
        auto fields = row ? readable_fields(node, reader, *row) : std::nullopt;
        if (!fields) continue;
        auto sealed = act::parse_sealed(row->seal);
        if (!sealed) throw Fault("a stored act is not readable: " + sealed.error().facts.text());
        return Order{
            std::string(kind), std::move(sealed->header), row->admitted, std::move(*fields), {}};
    }
    return std::nullopt;
}

void answer(Verdict& out, Verdict::May may, std::vector<Said> because, Said rule) {
    out.may = may;
    out.because = std::move(because);
    out.rule = std::move(rule);
}

// F7, with the directory of today: was the office competent on the day of its act, and does it
// still stand there? A seal that was distrusted since is for the gate of the next act.
bool office_stands(const directory::Directory& directory, const Order& order, Said& why_not) {
    const auto* participant = directory.find(order.header.performer);
    const auto* office =
        participant ? directory::find_office(*participant, order.header.office) : nullptr;
    if (!office) {
        why_not = say("The office does not stand in the directory.");
        return false;
    }
    if (directory::competent(*office, order.header.role, order.admitted)) return true;
    why_not =
        say("On {} the office was not competent as {}.", Said::day(order.admitted),
            Said::role(order.header.role));
    return false;
}

bool owes(const procedure::Graph& graph, const casefile::Case& state, std::string_view act) {
    const auto mask = graph.mask(act) & state.marking.pending & state.marking.included;
    return mask != 0;
}

// What the procedure says of obeying now.
void ask_procedure(
    Verdict& out, const procedure::Graph& graph, const casefile::Case& state, const Order& order,
    Instant now) {
    const std::string_view act = order.kind == "freeze" ? "preserve" : "produce";
    const bool done = (graph.mask(act) & state.marking.executed) != 0;
    const auto can = procedure::can(graph, state.marking, act, now);
    if (can || (done && can.error().code == Code::act_closed)) {
        std::vector<Said> because{
            say("The office stands in the directory as competent ({}) on {}, the day of its act. "
                "Its seal, the approval by a passkey and the grid were checked when the act came "
                "in.",
                Said::role(order.header.role), Said::day(order.admitted))};
        if (const auto expires = instant_from(text_in(*order.body, "expires")))
            because.push_back(say("It is in force until {}.", *expires));
        if (order.kind == "freeze")
            because.push_back(say("It orders to preserve, and nothing is handed over on it."));
        if (done) because.push_back(say("It has been obeyed."));
        return answer(
            out, Verdict::May::yes, std::move(because), say("findings {}", "F7, F8, F13"));
    }
    if (owes(graph, state, "resume"))
        return answer(
            out, Verdict::May::no, {say("An oversight body has suspended the case.")},
            say("suspension: nothing moves until it is resumed"));
    if (can.error().code == Code::act_closed)
        return answer(
            out, Verdict::May::no, {say("The order is no longer in force: {}.", can.error().facts)},
            say("procedure: what was withdrawn, refused, quashed or upheld ends the order"));
    if (owes(graph, state, "dismiss-objection"))
        return answer(
            out, Verdict::May::no, {say("Your objection has not been ruled on.")},
            say("procedure: nothing is produced while an objection waits"));
    // Where the receiving country, or a third, must know first and may oppose (N2, N3).
    answer(
        out, Verdict::May::needs_notice, {say("Not yet: {}.", can.error().facts)},
        say("procedure: no production before the receiving country had its say"));
}

} // namespace

std::optional<Verdict> verdict_of(
    Node& node, StoreReader& reader, const directory::Directory& directory,
    const casefile::Case& state) {
    if (state.opening.provider != node.self()) return std::nullopt;
    auto order = order_of(node, reader, state);
    if (!order) return std::nullopt;
    order->body = &order->fields;
    if (const auto* inner = order->fields.if_contains("provider_order");
        inner && inner->is_object())
        order->body = &inner->as_object();
    const auto graph = graph_of(node, state);
    Verdict out;
    out.authority = order->header.performer;
    out.office = order->header.office;
    const auto* authority = directory.find(out.authority);
    if (authority) out.country = authority->country;
    out.under = text_in(order->fields, "legal_basis");
    out.directory = directory.version();
    out.source = Said::value(fmt::format("law/procedures/{}.json", state.procedure));
    if (graph->emergency()) {
        if (authority) out.callback = authority->callback;
        if (const auto confirm = graph->find("confirm");
            confirm && (state.marking.executed & procedure::bit(*confirm)) != 0)
            out.callback_confirmed = Instant{Milliseconds{state.marking.executed_at.at(*confirm)}};
    }
    Said why_not;
    const auto expires = instant_from(text_in(*order->body, "expires"));
    if (!office_stands(directory, *order, why_not))
        answer(
            out, Verdict::May::no, {why_not},
            say("finding F7: a competent and independent authority"));
    else if (expires && *expires <= node.now() && !state.latest.contains("produce"))
        answer(
            out, Verdict::May::no, {say("The order expired at {}.", *expires)},
            say("an order that has expired orders nothing"));
    else
        ask_procedure(out, *graph, state, *order, node.now());
    return out;
}

} // namespace comity::node
