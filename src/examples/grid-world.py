"""Q-learning on a board with pits: no rule of play is given, only rewards."""
import numpy as np

EXPLORE, DISCOUNT, RATE, PRICE, START, EPISODES, SEED = 0.1, 0.95, 0.5, 0.01, 0.0, 200, 1

# region data
BOARD = "S.O.." "....O" "O.O.." "...O." ".O..G"
MOVES = [(-1, 0), (0, 1), (1, 0), (0, -1)]
random = np.random.default_rng(SEED)


def move(cell, action):
    row, column = cell // 5 + MOVES[action][0], cell % 5 + MOVES[action][1]
    cell = row * 5 + column if 0 <= row < 5 and 0 <= column < 5 else cell
    reward = {"O": -1, "G": 1}.get(BOARD[cell], -PRICE)
    return cell, reward, BOARD[cell] in "OG"


def play(choose):
    cell, total = 0, 0
    for _ in range(50):
        cell, reward, over = move(cell, choose(cell))
        total += reward
        if over:
            break
    return total


print(f"randomReturn {np.mean([play(lambda _: random.integers(4)) for _ in range(500)]):.3f}")
# endregion

# region model
Q = np.full((25, 4), START)  # what each of four moves promises in each of 25 cells
# endregion

# region train
for episode in range(EPISODES):
    cell = 0
    for _ in range(50):
        action = random.integers(4) if random.random() < EXPLORE else Q[cell].argmax()
        after, reward, over = move(cell, action)
        rest = 0 if over else Q[after].max()  # what the best move promises there
        Q[cell, action] += RATE * (reward + DISCOUNT * rest - Q[cell, action])
        if over:
            break
        cell = after

print(f"learnedReturn {play(lambda cell: Q[cell].argmax()):.3f}")
print(np.array(list("↑→↓←"))[Q.argmax(axis=1)].reshape(5, 5))
# endregion
