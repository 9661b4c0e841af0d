// The doors for people without an account. Nothing here tells whether a code is anybody's.
#include "http/notice_routes.hpp"

#include "base/limits.hpp"
#include "node/carry_challenge.hpp"
#include "node/export_case.hpp"
#include "node/notice.hpp"

namespace comity::http {

namespace {

// Both doors of a node, and the same for what other nodes ask in the name of their people.
struct Doors {
    node::Door people{limits::door_burst, limits::door_per_minute};
    node::Door peers{limits::door_burst * 4, limits::door_per_minute * 4};
};

Result<std::string> code_in(const Request& request) {
    TRY(const auto object, json::parse_object(request.body, limits::act_header_bytes));
    json::Reader in{object, "look-up"};
    auto code = in.string("code");
    TRY_VOID(in.done());
    return code;
}

Response shown(Bytes answer) {
    Response response;
    response.content_type = "application/json";
    response.headers.set("Cache-Control", "no-store");
    response.body = std::move(answer);
    return response;
}

Response look_up(Services& services, Doors& doors, const Request& request) {
    if (auto open = doors.people.pass(services.node.now()); !open) return problem(open.error());
    const auto code = code_in(request);
    if (!code) return problem(code.error());
    auto answer = node::look_up(services.node, *code);
    if (!answer) return problem(answer.error());
    return shown(std::move(*answer));
}

Response file(Services& services, Doors& doors, const Request& request) {
    if (auto open = doors.people.pass(services.node.now()); !open) return problem(open.error());
    const auto fields = json::parse_object(request.body, limits::act_header_bytes);
    if (!fields) return problem(fields.error());
    const auto filed = node::file_challenge(services.node, *fields);
    if (!filed) return problem(filed.error());
    services.nudge();
    return json_response(
        filed->carried ? 200 : 202,
        json::Object{
            {"filing", filed->filing},
            {"receipt", filed->receipt},
            {"carried", filed->carried},
            {"told", filed->carried ? "The authority that gave the notice has it."
                                    : "That authority does not answer now; it is sent on as soon "
                                      "as it does. Keep the receipt."}});
}

Response asked(Services& services, Doors& doors, const Request& request) {
    if (auto open = doors.peers.pass(services.node.now()); !open) return problem(open.error());
    const auto code = code_in(request);
    if (!code) return problem(code.error());
    return shown(node::look_up_here(services.node, *code));
}

// The same few bytes for every code that shows nothing.
Response bundle(Services& services, Doors& doors, const Request& request) {
    if (auto open = doors.peers.pass(services.node.now()); !open) return problem(open.error());
    const auto code = code_in(request);
    if (!code) return problem(code.error());
    const auto id = node::noticed_case(services.node, *code);
    if (!id) return problem(404, "There is nothing to show for this code");
    auto made = node::export_notice(services.node, services.record, *id);
    if (!made) return problem(made.error());
    return shown(std::move(*made));
}

Response taken(Services& services, Doors& doors, const Request& request) {
    if (auto open = doors.peers.pass(services.node.now()); !open) return problem(open.error());
    const auto receipt = node::take_filing(services.node, request.body);
    if (!receipt) return problem(receipt.error());
    services.nudge();
    return json_response(200, json::Object{{"receipt", *receipt}});
}

} // namespace

void add_notices(Router& router, Services& s) {
    const auto doors = std::make_shared<Doors>();
    const auto bind = [&s, doors](Response (*handler)(Services&, Doors&, const Request&)) {
        return [&s, doors, handler](const Request& request) {
            return handler(s, *doors, request);
        };
    };
    router.add(
        {"POST", "/notice/v1/look-up", Who::anybody, limits::act_header_bytes,
         "The notice that a code came with", bind(look_up)});
    router.add(
        {"POST", "/notice/v1/challenge", Who::anybody, limits::act_header_bytes,
         "File a challenge with the code; a signed receipt", bind(file)});
    router.add(
        {"POST", "/exchange/v1/notices", Who::peer, limits::act_header_bytes,
         "A look-up by another country's node", bind(asked)});
    router.add(
        {"POST", "/exchange/v1/notices/bundle", Who::peer, limits::act_header_bytes,
         "The bundle of a notice, for another country's node", bind(bundle)});
    router.add(
        {"POST", "/exchange/v1/filings", Who::peer, limits::act_part_bytes,
         "A challenge filed in another country, sealed", bind(taken)});
}

} // namespace comity::http
