// No node starts on a pack that is broken or would lower the floor: the law of a node is made from
// the pack, or refused with the place and what to do.
#include "crypto/hash.hpp"
#include "law/pack.hpp"
#include "node/node.hpp"

#include <doctest/doctest.h>

using namespace comity;

namespace {

using Files = std::map<std::string, Bytes, std::less<>>;

Files files() {
    return law::Pack::load(COMITY_SOURCE_DIR "/law", crypto::sha256).value().files();
}

Result<std::shared_ptr<const node::Law>> made(Files changed) {
    TRY(auto pack, law::Pack::from_files(std::move(changed), crypto::sha256));
    return node::Law::make(std::make_shared<const law::Pack>(std::move(pack)));
}

void replace(Files& files, const std::string& path, std::string_view from, std::string_view to) {
    auto& text = files.at(path);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
}

void refused(const Files& changed, std::string_view facts) {
    const auto law = made(changed);
    REQUIRE_MESSAGE(!law, std::string(facts));
    CHECK_MESSAGE(
        law.error().facts.text().find(facts) != std::string::npos, law.error().facts.text());
}

} // namespace

TEST_CASE("X5_ a node has the library of its pack, and starts on no pack that is broken") {
    const auto law = made(files());
    REQUIRE(law);
    CHECK((*law)->library().country("XA"));
    auto changed = files();
    replace(changed, "floor.json", "\"P5Y\"", "\"P50Y\"");
    refused(changed, "floor.json has the digest");
    changed = files();
    replace(changed, "procedures/mla.json", "\"P5Y\"", "\"P9Y\"");
    refused(changed, "procedures/mla.json");
    changed = files();
    replace(changed, "profiles/fr.json", "\"country\": \"FR\"", "\"country\": \"ZZ\"");
    refused(changed, "profiles/fr.json");
    changed = files();
    replace(changed, "profiles/fr.json", "\"as_of\"", "\"floor\": {}, \"as_of\"");
    refused(changed, "\"floor\" is not known here");
    changed = files();
    replace(changed, "forms/request.json", "\"x-audience\"", "\"x-nobody\"");
    refused(changed, "forms/request.json");
}
