// One's own wish for e-mail.
#include "api/api.hpp"
#include "api/names.hpp"
#include "node/tell_people.hpp"

namespace comity::api {

namespace {

http::Response get_mail(Api& api, const Call& call) {
    const auto& rules = api.node().settings().mail;
    json::Array domains;
    for (const auto& domain : rules.domains)
        domains.emplace_back(domain);
    json::Object out{
        {"offered", rules.on},
        {"domains", std::move(domains)},
        {"pause_minutes", std::chrono::duration_cast<std::chrono::minutes>(rules.pause).count()}};
    std::optional<node::MailWish> wish;
    api.node().store().read([&](node::StoreReader& reader) {
        wish = node::find_mail_wish(api.node(), reader, call.session.person);
    });
    if (wish) {
        out["address"] = wish->address;
        out["language"] = wish->language;
        if (!wish->problem.empty()) out["problem"] = wish->problem.in(language_of(call.request));
        out["given_up"] = node::given_up(*wish);
    }
    return answer(std::move(out));
}

Result<void> save(Api& api, const Call& call) {
    TRY(const auto object, call.body());
    json::Reader in{object, "wish"};
    const auto address = in.string("address");
    const auto language = in.string("language");
    TRY_VOID(in.done());
    return node::wish_mail(api.node(), call.session.person, address, language);
}

http::Response save_mail(Api& api, const Call& call) {
    if (const auto saved = save(api, call); !saved) return http::problem(saved.error());
    return http::no_content();
}

http::Response end_mail(Api& api, const Call& call) {
    node::end_mail(api.node(), call.session.person);
    return http::no_content();
}

} // namespace

void add_mail_operations(Handlers& handlers) {
    handlers["getMail"] = get_mail;
    handlers["saveMail"] = save_mail;
    handlers["endMail"] = end_mail;
}

} // namespace comity::api
