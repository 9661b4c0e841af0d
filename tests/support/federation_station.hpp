// A federation in one process: each participant is a station with a disk that outlives its node,
// a clock that runs a little wrong, and the real routes. Between them lies a network that loses,
// repeats and delays, and can be cut; a station can be restarted, and crash in any of its writes.
#pragma once

#include "http/routes.hpp"
#include "support/directory_world.hpp"
#include "support/federation_random.hpp"
#include "support/memory_store.hpp"
#include "support/outcome.hpp"

#include <functional>
#include <memory>
#include <set>

namespace comity::test {

/// What the practice federation of the directory's tests lacks for all three procedures, and the
/// law pack; made once, since keys take time.
struct Cast {
    DirectoryWorld world;
    std::shared_ptr<const node::Law> law;
    std::shared_ptr<const directory::Directory> directory;
    std::string directory_text; ///< as its members signed it
    std::map<std::string, crypto::Ed25519Key> records;
    std::map<std::string, crypto::Ed25519Key> witnesses;
};

const Cast& practice_cast();

inline const std::string arcadia = "arcadia-authority";
inline const std::string borealia = "borealia-authority";
inline const std::string cascadia = "cascadia-authority";
inline const std::string vault = "vault-provider";
inline const std::string arcadia_overseer = "arcadia-oversight";
inline const std::string borealia_overseer = "borealia-oversight";

/// Power is cut. Not an error of the program: nobody may catch it but the federation.
struct Crash {};

/// How bad the network is, in cases of a thousand.
struct Weather {
    unsigned lose_request = 0;
    unsigned lose_answer = 0;
    unsigned repeat = 0; ///< the call is heard twice
    unsigned late = 0;   ///< a copy of the call comes again much later
    int delay_most = 0;  ///< seconds that a call takes at most
};

class Federation;

class StationClock final : public node::Clock {
public:
    explicit StationClock(Federation& federation) : federation_(federation) {}

    [[nodiscard]] Instant now() const override;

    Milliseconds wrong{0};

private:
    Federation& federation_;
};

/// The disk as the node sees it. With the fuse lit, one write is the last thing that happens.
class StationStore final : public node::Store {
public:
    explicit StationStore(node::Store& disk) : disk_(disk) {}

    void read(const std::function<void(node::StoreReader&)>& work) override {
        if (dead) throw Crash{};
        disk_.read(work);
    }

    void write(const std::function<void(node::StoreWriter&)>& work) override {
        if (dead) throw Crash{};
        const bool last = fuse > 0 && --fuse == 0;
        if (!last || after_write) disk_.write(work);
        if (!last) return;
        dead = true;
        throw Crash{};
    }

    bool dead = false;
    int fuse = 0;            ///< the n-th write from now on is the last; 0: no crash
    bool after_write = true; ///< whether that write is still done

private:
    node::Store& disk_;
};

class StationPeers final : public node::Peers {
public:
    StationPeers(Federation& federation, std::string self)
        : federation_(federation), self_(std::move(self)) {}

    std::optional<node::PeerAnswer> call(
        const ParticipantId& peer, const node::PeerCall& call, Said& problem) override;

private:
    Federation& federation_;
    std::string self_;
};

class Station {
public:
    Station(Federation& federation, std::string id);

    std::string id;
    MemoryStore disk;
    MemoryFiles files;
    StationStore store;
    StationClock clock;
    StationPeers peers;
    std::string log; ///< every line, for a search

    /// The node and what runs beside it; made anew at each start.
    struct Running {
        std::unique_ptr<node::Node> node;
        std::unique_ptr<node::Sequencer> record;
        std::unique_ptr<node::Staging> staging;
        std::unique_ptr<node::Openings> openings;
        std::unique_ptr<http::Services> services;
        http::Router routes;
        bool recording = false;
    };

    Running run;

    node::Node& node() { return *run.node; }

    [[nodiscard]] Instant now() const { return clock.now(); }

    void start();
    /// The background work of the real program, once.
    void work();
    /// One beat of the record.
    void beat();
    http::Response answer(const std::string& caller, const node::PeerCall& call);

    std::optional<casefile::Case> find(const CaseId& id);
    std::vector<node::ActRow> acts(const CaseId& id);
};

class Federation {
public:
    explicit Federation(std::uint64_t seed);

    Instant time; ///< the true time
    Dice dice;
    Weather weather;
    std::set<std::pair<std::string, std::string>> cut; ///< who cannot reach whom
    std::map<std::string, std::unique_ptr<Station>> stations;

    Station& at(const std::string& id) { return *stations.at(id); }

    /// Runs something on a station; a crash ends it, and the station is started again.
    template <class Work>
    bool on(Station& station, Work work) {
        try {
            work(station);
        } catch (const Crash&) {
            ++crashes;
        }
        return !restart_dead();
    }

    bool restart_dead();

    std::optional<node::PeerAnswer> carry(
        const std::string& from, const std::string& to, const node::PeerCall& call, Said& problem);
    /// One of the copies that were kept back arrives now.
    void arrive_late();

    void pass(Milliseconds span) { time += span; }

    /// What travelled in the open would be found here.
    std::function<void(std::string_view bytes, const std::string& from, const std::string& to)>
        listener;

    int calls = 0;
    int lost = 0;
    int repeats = 0;
    int crashes = 0;

private:
    struct Late {
        std::string from;
        std::string to;
        node::PeerCall call;
    };

    std::optional<node::PeerAnswer> hear(const Late& call);

    std::vector<Late> late_;
};

} // namespace comity::test
