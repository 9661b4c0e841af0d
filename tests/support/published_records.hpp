// The records of all nodes of a practice federation, published as each node's beat does.
#pragma once

#include "node/sequence_record.hpp"
#include "support/node_practice.hpp"

#include <map>
#include <memory>
#include <string>

namespace comity::test {

class PublishedRecords {
public:
    explicit PublishedRecords(Practice& practice) : practice_(practice) {}

    void publish() {
        for (const auto& [id, member] : practice_.members) {
            auto& record = records_[id];
            if (!record) {
                record = std::make_unique<node::Sequencer>(*member->node);
                REQUIRE(record->start().has_value());
            }
            REQUIRE(record->beat().has_value());
        }
    }

private:
    Practice& practice_;
    std::map<std::string, std::unique_ptr<node::Sequencer>> records_;
};

} // namespace comity::test
