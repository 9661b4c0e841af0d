// Reading a provider's `capabilities`.
#include "directory/capability.hpp"

#include <algorithm>

namespace comity::directory {

Result<void> check_holds(const Participant& provider, std::string_view category) {
    const auto* named = provider.capabilities.if_contains("categories");
    if (!named || !named->is_array() || named->as_array().empty()) return {};
    const auto& categories = named->as_array();
    const bool held = std::any_of(categories.begin(), categories.end(), [&](const auto& item) {
        return item.is_string() && std::string_view(item.as_string()) == category;
    });
    if (held) return {};
    return refuse(
        Code::finding_not_met,
        say("the directory says that {} holds no data of this category", provider.id.str()),
        "What a provider never has is not asked of it", "docs/protocol.md, Directory",
        "Ask for a category that it holds, or ask who holds this one");
}

} // namespace comity::directory
