// The form's limit of a manifest and the limit of a sealed part agree: what the form accepts fits.
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "support/node_federation.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

// The longest items that the form accepts: each character of the name is two in JSON.
std::vector<evidence::Item> longest_items(std::size_t count) {
    std::vector<evidence::Item> out;
    for (std::size_t i = 0; i < count; ++i) {
        evidence::Item item;
        item.name = std::string(200, '"');
        item.size = limits::evidence_item_bytes;
        item.media_type = "application/" + std::string(88, 'x');
        item.plain = crypto::sha256("plain " + std::to_string(i));
        item.sealed = crypto::sha256("sealed " + std::to_string(i));
        item.envelope = crypto::sha256("envelope " + std::to_string(i));
        item.cell = 199;
        out.push_back(std::move(item));
    }
    return out;
}

} // namespace

TEST_CASE(
    "a manifest below, at and above the form's limit, with the longest names: what is accepted fits a part") {
    NodeFederation federation;
    const auto& pack = federation.node("arcadia-authority").law().pack();
    const std::vector<std::pair<std::string, std::string>> lists{
        {"produce", "manifest"}, {"release", "passed"}};
    for (const auto& [name, list] : lists) {
        const auto* form = pack.form(name);
        REQUIRE(form != nullptr);
        const auto most = static_cast<std::size_t>(
            form->schema().at("properties").at(list).at("maxItems").as_int64());
        CHECK(most >= 500);
        for (const std::size_t count : {most - 1, most, most + 1}) {
            CAPTURE(count);
            auto fields = NodeFederation::fields(name);
            fields[list] = evidence::print_items(longest_items(count));
            const auto valid = form->validate(fields);
            if (count > most) {
                REQUIRE_FALSE(valid.has_value());
                CHECK(valid.error().facts.text().find("more than") != std::string::npos);
                continue;
            }
            REQUIRE_MESSAGE(valid.has_value(), (valid ? "" : valid.error().facts.text()));
            for (auto& plan : law::split(*form, fields)) {
                const auto directory = *federation.node("arcadia-authority").directory();
                std::vector<act::Reader> readers;
                for (const auto& participant : directory->participants())
                    readers.push_back({participant.id, participant.sealing.front().certificate});
                const auto sealed = act::seal_part(
                    {name, form->id(), plan.audience, std::move(plan.fields)}, readers);
                CHECK(sealed.sealed.size() <= limits::act_part_bytes);
            }
        }
    }
}
