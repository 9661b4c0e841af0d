// Rows of the worklist, and what a list of them says, page by page, for both stores.
#pragma once

#include "node/worklist.hpp"
#include "support/store_both.hpp"
#include "support/store_samples.hpp"

#include <string>
#include <vector>

namespace comity::test {

inline node::WorkRow sample_work(std::uint32_t number) {
    node::WorkRow row;
    row.case_id = case_number(number);
    row.direction = "outgoing";
    row.partner = ParticipantId("borealis");
    row.procedure = "mla";
    row.category = "access";
    row.opened = at(number);
    row.updated = at(1000 + number);
    return row;
}

/// With the cases that they are of.
inline void put(node::Store& store, const std::vector<node::WorkRow>& rows) {
    store.write([&](node::StoreWriter& w) {
        for (const auto& row : rows) {
            auto own = sample_case(0);
            own.id = row.case_id;
            w.put_case(own);
            w.put_work(row);
        }
    });
}

/// All that a filter picks in a stretch, read in pages of that size.
inline std::vector<std::string> ids(
    node::Store& store, const node::WorkFilter& filter, const node::WorkRange& range = {},
    std::size_t page = 1'000) {
    using By = node::WorkRange::By;
    std::vector<std::string> out;
    std::optional<node::WorkPlace> after;
    for (;;) {
        const auto rows = ask(store, [&](auto& r) { return r.work(filter, range, after, page); });
        for (const auto& row : rows)
            out.push_back(row.case_id.str());
        if (rows.size() < page) return out;
        const auto& last = rows.back();
        const auto* own = filter.mine ? node::own_duty(last, *filter.mine) : nullptr;
        const auto time = range.by == By::due        ? (own ? own->due : last.due)
                          : range.by == By::stuck    ? last.stuck
                          : range.by == By::seal_end ? last.seal_end
                          : range.by == By::opened   ? std::optional(last.opened)
                                                     : std::optional(last.updated);
        after = node::WorkPlace{time, last.case_id};
    }
}

inline std::size_t count(
    node::Store& store, const node::WorkFilter& filter, const node::WorkRange& range = {},
    std::size_t most = 10'000) {
    return ask(store, [&](auto& r) { return r.count_work(filter, range, most); });
}

inline std::string number(std::uint32_t number) {
    return case_number(number).str();
}

} // namespace comity::test
