sdbench.study = {
 "name": "microworld",
 "question": "Which of four personalization methods puts the right, rightly spelled logo where the prompt wants it?",
 "select": "average(ocr, yolo)",
 "missing": [],
 "metrics": [
  {
   "name": "average(ocr, yolo)",
   "title": "average(ocr, yolo)",
   "unit": "",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "as ocr and yolo",
   "preprocessing": "none",
   "aggregation": "mean",
   "version": 1,
   "source": "logo personalization thesis, June 2023",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "",
   "failed": null
  },
  {
   "name": "yolo",
   "title": "Logo confidence",
   "unit": "confidence",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime)",
   "preprocessing": "letterboxed to the detector's input, RGB in [0, 1]",
   "aggregation": "mean of each image's best confidence; 0 where none reaches 0.001",
   "version": 1,
   "source": "Jocher et al. 2023, ultralytics YOLOv8; the thesis's mean_confidence_score",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "presence",
   "failed": null
  },
  {
   "name": "ocr",
   "title": "Spelling",
   "unit": "exact",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "rapidocr",
   "preprocessing": "enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; an image in which nothing is read counts as 0",
   "version": 1,
   "source": "the thesis's mean_ocr_score: one line equals the lettering",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "ocr_edit",
   "title": "Spelling, best window",
   "unit": "edit similarity",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "rapidocr",
   "preprocessing": "enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; an image in which nothing is read counts as 0",
   "version": 1,
   "source": "Levenshtein 1966",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "logo",
   "title": "Right logo, right spelling",
   "unit": "share",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime), rapidocr",
   "preprocessing": "crop of the best box with a margin of 0.15 of its sides; enlarged to 384 px; NFC, upper case, letters and digits only",
   "aggregation": "mean; a logo is a box of at least 0.25 confidence",
   "version": 1,
   "source": "sdbench: both of the thesis's scores at once",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "spelling",
   "failed": null
  },
  {
   "name": "logo_found",
   "title": "Logo found",
   "unit": "share",
   "direction": "higher",
   "low": 0.0,
   "high": 1.0,
   "backbone": "YOLOv8 (red_hugo_logo.onnx, onnxruntime)",
   "preprocessing": "letterboxed to the detector's input",
   "aggregation": "mean; a logo is a box of at least 0.25 confidence",
   "version": 1,
   "source": "sdbench: both of the thesis's scores at once",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "presence",
   "failed": null
  },
  {
   "name": "clip_text",
   "title": "Prompt similarity",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "CLIP bundled:clip",
   "preprocessing": "the model's own; the identifier in the prompt replaced by the class words",
   "aggregation": "mean",
   "version": 1,
   "source": "Hessel et al. 2021, arXiv 2104.08718, without its factor of 2.5; CLIP-T of arXiv 2208.12242",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "prompt",
   "failed": null
  },
  {
   "name": "clip_image",
   "title": "Subject similarity",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "CLIP bundled:clip",
   "preprocessing": "the model's own",
   "aggregation": "mean of each image's mean cosine to the held-out pictures, itself left out",
   "version": 1,
   "source": "CLIP-I of DreamBooth, arXiv 2208.12242, section 4.2",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "identity",
   "failed": "degradation: noise: order 0.600, wanted \u2265 0.9; degradation: occlusion: order 0.829, wanted \u2265 0.9; degradation: jpeg: order 0.829, wanted \u2265 0.9; truth: traits of the subject: Spearman 0.059, wanted \u2265 0.5, interval above 0; truth: traits of the subject, by bundled:encoder too: Kendall 0.167, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "dino",
   "title": "Subject similarity (DINO)",
   "unit": "cosine",
   "direction": "higher",
   "low": -1.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's mean cosine to the held-out pictures, itself left out",
   "version": 1,
   "source": "DINO of DreamBooth, arXiv 2208.12242, section 4.2, against held-out pictures",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "identity",
   "failed": "degradation: noise: order 0.029, wanted \u2265 0.9; truth: traits of the subject: Spearman 0.413, wanted \u2265 0.5, interval above 0; truth: traits of the subject, by bundled:clip too: Kendall 0.167, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "diversity_lpips",
   "title": "Diversity (LPIPS)",
   "unit": "LPIPS",
   "direction": "higher",
   "low": 0.0,
   "high": 1000000000.0,
   "backbone": "LPIPS 0.1 (AlexNet)",
   "preprocessing": "resized to 256 x 256 px (bicubic), RGB in [-1, 1]",
   "aggregation": "mean of each image's mean distance to the others of its prompt",
   "version": 1,
   "source": "Zhang et al. 2018, arXiv 1801.03924, equation 1",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "diversity",
   "failed": "not audited: LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`"
  },
  {
   "name": "diversity_features",
   "title": "Diversity (features)",
   "unit": "1 - cosine",
   "direction": "higher",
   "low": 0.0,
   "high": 2.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's mean distance to the others of its prompt",
   "version": 1,
   "source": "cosine distance of image vectors; not LPIPS",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "diversity",
   "failed": "truth: different scenes, by bundled:clip too: Kendall 0.456, wanted \u2265 0.5, interval above 0"
  },
  {
   "name": "diversity_vendi",
   "title": "Diversity (Vendi)",
   "unit": "images",
   "direction": "higher",
   "low": 1.0,
   "high": 1000000000.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean over prompts of the effective number of different images",
   "version": 1,
   "source": "Friedman and Dieng 2022, arXiv 2210.02410, cosine kernel",
   "headline": true,
   "prompts": "",
   "per": "prompt",
   "judges": "diversity",
   "failed": null
  },
  {
   "name": "memorization",
   "title": "Memorization",
   "unit": "share of background",
   "direction": "lower",
   "low": 0.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean share of training pictures whose nearest other one is further than the image's nearest",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  },
  {
   "name": "memorization_duplicate",
   "title": "Near-duplicates",
   "unit": "images",
   "direction": "lower",
   "low": 0.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "share of images nearer to a training picture than any two training pictures are",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": true,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  },
  {
   "name": "memorization_nearest",
   "title": "Nearest training picture",
   "unit": "cosine",
   "direction": "lower",
   "low": -1.0,
   "high": 1.0,
   "backbone": "bundled:encoder (SimCLR, onnxruntime)",
   "preprocessing": "cropped to its middle square, 64 px (bicubic), in [-1, 1]",
   "aggregation": "mean of each image's highest cosine to a training picture",
   "version": 1,
   "source": "after Somepalli et al. 2023, arXiv 2212.03860, and Carlini et al. 2023, arXiv 2301.13188",
   "headline": false,
   "prompts": "",
   "per": "image",
   "judges": "memorization",
   "failed": null
  }
 ],
 "costs": [
  {
   "name": "train_seconds",
   "title": "train s",
   "unit": 1
  },
  {
   "name": "generate_seconds",
   "title": "generate s",
   "unit": 1
  },
  {
   "name": "peak_memory_bytes",
   "title": "peak MB",
   "unit": 1000000.0
  },
  {
   "name": "trainable_parameters",
   "title": "trainable",
   "unit": 1
  },
  {
   "name": "weight_bytes",
   "title": "weights MB",
   "unit": 1000000.0
  },
  {
   "name": "train_energy_joules",
   "title": "train J",
   "unit": 1
  },
  {
   "name": "generate_energy_joules",
   "title": "generate J",
   "unit": 1
  },
  {
   "name": "co2_grams",
   "title": "CO2 g",
   "unit": 1
  }
 ],
 "rows": [
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "real",
   "parameters": "",
   "label": "real",
   "kind": "real",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 8,
   "clusters": 8,
   "lr": null,
   "steps": null,
   "pictures": true,
   "trajectory": "red_hugo_logo microworld real ",
   "cells": [
    3
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.988364,
     "low": 0.987701,
     "high": 0.988922,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "yolo": {
     "value": 0.976728,
     "low": 0.975403,
     "high": 0.977844,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr_edit": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo_found": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_text": {
     "value": 0.900858,
     "low": 0.883992,
     "high": 0.918209,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_image": {
     "value": 0.0575013,
     "low": -0.0107131,
     "high": 0.125687,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "dino": {
     "value": 0.204837,
     "low": 0.102388,
     "high": 0.291282,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 8,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       8
      ]
     ]
    },
    "diversity_features": {
     "value": 0.795163,
     "low": 0.708718,
     "high": 0.897612,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 4.0842,
     "low": null,
     "high": null,
     "n": 1,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.390625,
     "low": 0.15625,
     "high": 0.6875,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.125,
     "low": 0,
     "high": 0.5,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.747829,
     "low": 0.612846,
     "high": 0.884764,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 0.012,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "lora",
   "parameters": "lr0.001_steps400",
   "label": "lora",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.001,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld lora lr0.001",
   "cells": [
    6
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.97822,
     "low": 0.959477,
     "high": 0.988208,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.956441,
     "low": 0.918955,
     "high": 0.976416,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 1,
     "low": 1,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.816807,
     "low": 0.803677,
     "high": 0.828641,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.184721,
     "low": 0.159009,
     "high": 0.210436,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.325058,
     "low": 0.303279,
     "high": 0.346611,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.139654,
     "low": 0.093009,
     "high": 0.192226,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.55407,
     "low": 1.04037,
     "high": 2.28406,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.415625,
     "low": 0.34375,
     "high": 0.496875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.075,
     "low": 0,
     "high": 0.175,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.821848,
     "low": 0.770928,
     "high": 0.868609,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 213.039,
    "generate_seconds": 74.046,
    "peak_memory_bytes": 1665458176,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "lora",
   "parameters": "lr0.003_steps400",
   "label": "lora",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.003,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld lora lr0.003",
   "cells": [
    7
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.945236,
     "low": 0.878823,
     "high": 0.986766,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.940471,
     "low": 0.877376,
     "high": 0.975062,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.95,
     "low": 0.875,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.99,
     "low": 0.975,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.95,
     "low": 0.875,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.975,
     "low": 0.925,
     "high": 1,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.812136,
     "low": 0.800263,
     "high": 0.823012,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.189647,
     "low": 0.164908,
     "high": 0.213534,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.335351,
     "low": 0.312048,
     "high": 0.358229,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.100826,
     "low": 0.0698593,
     "high": 0.13235,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.43931,
     "low": 1.02228,
     "high": 1.96689,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.475,
     "low": 0.384375,
     "high": 0.574969,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.15,
     "low": 0.05,
     "high": 0.275,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.839584,
     "low": 0.793813,
     "high": 0.882275,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 186.543,
    "generate_seconds": 73.47,
    "peak_memory_bytes": 1653465088,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth",
   "parameters": "lr0.001_steps400",
   "label": "dreambooth",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.001,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth lr0.001",
   "cells": [
    5
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.786083,
     "low": 0.654921,
     "high": 0.900816,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.772167,
     "low": 0.641968,
     "high": 0.892729,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.8,
     "low": 0.675,
     "high": 0.925,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.9575,
     "low": 0.925,
     "high": 0.98375,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.775,
     "low": 0.625,
     "high": 0.9,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.8,
     "low": 0.675,
     "high": 0.925,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.573513,
     "low": 0.503387,
     "high": 0.638116,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.208653,
     "low": 0.188314,
     "high": 0.229366,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.338052,
     "low": 0.312846,
     "high": 0.362295,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.413609,
     "low": 0.350632,
     "high": 0.482908,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.34121,
     "low": 2.04225,
     "high": 2.69737,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.6,
     "low": 0.5,
     "high": 0.7,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.3,
     "low": 0.175,
     "high": 0.45,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.887773,
     "low": 0.84368,
     "high": 0.928131,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 150.883,
    "generate_seconds": 52.838,
    "peak_memory_bytes": 1356046336,
    "trainable_parameters": 8953640,
    "weight_bytes": 49186388,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth",
   "parameters": "lr0.0005_steps400",
   "label": "dreambooth",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.0005,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth lr0.0005",
   "cells": [
    4
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.415775,
     "low": 0.267332,
     "high": 0.565222,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.40655,
     "low": 0.259664,
     "high": 0.555444,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.425,
     "low": 0.275,
     "high": 0.575,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.5375,
     "low": 0.3875,
     "high": 0.6875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.425,
     "low": 0.275,
     "high": 0.575,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.425,
     "low": 0.275,
     "high": 0.575,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.61998,
     "low": 0.539463,
     "high": 0.685572,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.10019,
     "low": 0.0599868,
     "high": 0.140677,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.141248,
     "low": 0.0555833,
     "high": 0.222268,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.331598,
     "low": 0.233544,
     "high": 0.438715,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.15564,
     "low": 1.22797,
     "high": 3.33315,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.45,
     "low": 0.33125,
     "high": 0.571875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.175,
     "low": 0.075,
     "high": 0.3,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.657255,
     "low": 0.535457,
     "high": 0.773616,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 121.787,
    "generate_seconds": 59,
    "peak_memory_bytes": 1352355840,
    "trainable_parameters": 8953640,
    "weight_bytes": 49186388,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth_lora",
   "parameters": "lr0.003_steps400",
   "label": "dreambooth_lora",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.003,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth_lora lr0.003",
   "cells": [
    8
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0.148207,
     "low": 0.0493621,
     "high": 0.271726,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.146415,
     "low": 0.0487242,
     "high": 0.268451,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0.15,
     "low": 0.05,
     "high": 0.275,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.24375,
     "low": 0.13125,
     "high": 0.375,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0.15,
     "low": 0.05,
     "high": 0.275,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0.15,
     "low": 0.05,
     "high": 0.275,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.548388,
     "low": 0.466165,
     "high": 0.622185,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.0551385,
     "low": 0.0241927,
     "high": 0.0910037,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.0677884,
     "low": -0.0065415,
     "high": 0.140847,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.223005,
     "low": 0.158697,
     "high": 0.29582,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.94881,
     "low": 1.25318,
     "high": 3.19086,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.2375,
     "low": 0.159375,
     "high": 0.3375,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.075,
     "low": 0,
     "high": 0.175,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.555333,
     "low": 0.448188,
     "high": 0.657998,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 144.169,
    "generate_seconds": 73.688,
    "peak_memory_bytes": 1702932480,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "dreambooth_lora",
   "parameters": "lr0.01_steps400",
   "label": "dreambooth_lora",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.01,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld dreambooth_lora lr0.01",
   "cells": [
    9
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 7.54945e-05,
     "low": 0,
     "high": 0.000226483,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0.000150989,
     "low": 0,
     "high": 0.000452967,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.25,
     "low": 0.19375,
     "high": 0.30625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.277935,
     "low": 0.19428,
     "high": 0.364203,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.206972,
     "low": 0.187787,
     "high": 0.223899,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.360848,
     "low": 0.342481,
     "high": 0.378859,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.182358,
     "low": 0.164684,
     "high": 0.202992,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 1.94492,
     "low": 1.7674,
     "high": 2.1804,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.346875,
     "low": 0.321875,
     "high": 0.365625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.819207,
     "low": 0.795896,
     "high": 0.841192,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 149.565,
    "generate_seconds": 71.238,
    "peak_memory_bytes": 1688477696,
    "trainable_parameters": 886272,
    "weight_bytes": 3563992,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "base",
   "parameters": "",
   "label": "base",
   "kind": "base",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": null,
   "steps": null,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld base ",
   "cells": [
    0
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.16875,
     "low": 0.1125,
     "high": 0.225,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.836435,
     "low": 0.825795,
     "high": 0.84596,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.184281,
     "low": 0.156455,
     "high": 0.211947,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.305199,
     "low": 0.282678,
     "high": 0.327491,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.234604,
     "low": 0.165483,
     "high": 0.309031,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.14958,
     "low": 1.36017,
     "high": 3.55315,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.2625,
     "low": 0.228125,
     "high": 0.296875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.720454,
     "low": 0.68262,
     "high": 0.756053,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 37.411,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "base_raw",
   "parameters": "",
   "label": "base_raw",
   "kind": "base_raw",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": null,
   "steps": null,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld base_raw ",
   "cells": [
    1
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.025,
     "low": 0,
     "high": 0.0625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.606682,
     "low": 0.561127,
     "high": 0.651573,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.026667,
     "low": -0.00453483,
     "high": 0.0591902,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": -0.0693242,
     "low": -0.124405,
     "high": -0.0116927,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.505411,
     "low": 0.385878,
     "high": 0.626335,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 3.10427,
     "low": 1.42587,
     "high": 4.57742,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.109375,
     "low": 0.06875,
     "high": 0.159375,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.308264,
     "low": 0.216775,
     "high": 0.407022,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 35.403,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "sibling",
   "parameters": "",
   "label": "sibling",
   "kind": "sibling",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 8,
   "clusters": 8,
   "lr": null,
   "steps": null,
   "pictures": true,
   "trajectory": "red_hugo_logo microworld sibling ",
   "cells": [
    2
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_text": {
     "value": 0.890721,
     "low": 0.867435,
     "high": 0.911903,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "clip_image": {
     "value": 0.167805,
     "low": 0.11515,
     "high": 0.211158,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "dino": {
     "value": 0.313877,
     "low": 0.259043,
     "high": 0.368691,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 8,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       8
      ]
     ]
    },
    "diversity_features": {
     "value": 0.664756,
     "low": 0.592545,
     "high": 0.752217,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 4.79474,
     "low": null,
     "high": null,
     "n": 1,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.25,
     "low": 0.125,
     "high": 0.40625,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.715946,
     "low": 0.575643,
     "high": 0.866557,
     "n": 8,
     "unscored": 0,
     "few": true,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": null,
    "generate_seconds": 0.005,
    "peak_memory_bytes": null,
    "trainable_parameters": null,
    "weight_bytes": null,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "textual_inversion",
   "parameters": "lr0.01_steps400",
   "label": "textual_inversion",
   "kind": "trained",
   "best": true,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.01,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld textual_inversion lr0.01",
   "cells": [
    10
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.23125,
     "low": 0.1625,
     "high": 0.30625,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.713848,
     "low": 0.638198,
     "high": 0.775497,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.149624,
     "low": 0.12844,
     "high": 0.170164,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.306276,
     "low": 0.278585,
     "high": 0.333404,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.382926,
     "low": 0.289104,
     "high": 0.482531,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.97005,
     "low": 1.29413,
     "high": 4.87355,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.321875,
     "low": 0.259375,
     "high": 0.3875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.75422,
     "low": 0.704131,
     "high": 0.805235,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 91.514,
    "generate_seconds": 59.909,
    "peak_memory_bytes": 1677160448,
    "trainable_parameters": 1152,
    "weight_bytes": 4696,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  },
  {
   "subject": "red_hugo_logo",
   "model": "microworld",
   "method": "textual_inversion",
   "parameters": "lr0.05_steps400",
   "label": "textual_inversion",
   "kind": "trained",
   "best": false,
   "status": "done",
   "cause": null,
   "n": 40,
   "clusters": 40,
   "lr": 0.05,
   "steps": 400,
   "pictures": false,
   "trajectory": "red_hugo_logo microworld textual_inversion lr0.05",
   "cells": [
    11
   ],
   "scores": {
    "average(ocr, yolo)": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "yolo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "ocr_edit": {
     "value": 0.24125,
     "low": 0.175,
     "high": 0.311238,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "logo_found": {
     "value": 0,
     "low": 0,
     "high": 0,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_text": {
     "value": 0.721595,
     "low": 0.652071,
     "high": 0.779593,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "clip_image": {
     "value": 0.146676,
     "low": 0.12649,
     "high": 0.165771,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "dino": {
     "value": 0.304661,
     "low": 0.277885,
     "high": 0.330475,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_lpips": {
     "value": null,
     "low": null,
     "high": null,
     "n": 0,
     "unscored": 40,
     "few": true,
     "reasons": [
      [
       "LPIPS has no weights here; set metrics.diversity.lpips to a folder with alexnet.safetensors (torchvision's `alexnet(weights='DEFAULT').state_dict()`) and lpips_alex.safetensors (weights/v0.1/alex.pth of the package lpips), each saved with `safetensors.torch.save_file`",
       40
      ]
     ]
    },
    "diversity_features": {
     "value": 0.357482,
     "low": 0.267419,
     "high": 0.451992,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "diversity_vendi": {
     "value": 2.79425,
     "low": 1.28651,
     "high": 4.74456,
     "n": 5,
     "unscored": 0,
     "few": true,
     "reasons": []
    },
    "memorization": {
     "value": 0.34375,
     "low": 0.275,
     "high": 0.41875,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_duplicate": {
     "value": 0.025,
     "low": 0,
     "high": 0.075,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    },
    "memorization_nearest": {
     "value": 0.7599,
     "low": 0.707234,
     "high": 0.812045,
     "n": 40,
     "unscored": 0,
     "few": false,
     "reasons": []
    }
   },
   "costs": {
    "train_seconds": 102.849,
    "generate_seconds": 50.196,
    "peak_memory_bytes": 1659052032,
    "trainable_parameters": 1152,
    "weight_bytes": 4696,
    "train_energy_joules": null,
    "generate_energy_joules": null,
    "co2_grams": null
   }
  }
 ],
 "cells": [
  {
   "cell": "base",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/fabff342c938295b",
     "started": "2026-11-21T09:40:07.779238+00:00",
     "seconds": 43.5722,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/594fd34015576f3b",
     "started": "2026-11-21T09:40:51.661082+00:00",
     "seconds": 0.17616,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/3957283b352ee67d",
     "started": "2026-11-21T09:40:51.846346+00:00",
     "seconds": 3.39285,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/194795af2016a842",
     "started": "2026-11-21T09:40:55.250360+00:00",
     "seconds": 0.150735,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/af72a4160e161125",
     "started": "2026-11-21T09:40:55.411926+00:00",
     "seconds": 2.99652,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/5993945ae484ab90",
     "started": "2026-11-21T09:40:58.419555+00:00",
     "seconds": 0.084276,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/94334e92f77bca61",
     "started": "2026-11-21T09:40:58.518707+00:00",
     "seconds": 0.0834352,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/85f904be7e7e6c31",
     "started": "2026-11-21T09:40:58.611603+00:00",
     "seconds": 0.0863475,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/49500823dfd684fe",
     "started": "2026-11-21T09:40:58.709916+00:00",
     "seconds": 0.0691737,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    }
   ],
   "file": "000-base.js"
  },
  {
   "cell": "base_raw",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/aa8898178ac197a1",
     "started": "2026-11-21T09:40:58.888437+00:00",
     "seconds": 35.4677,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/7485e8a8db79ed1c",
     "started": "2026-11-21T09:41:34.375720+00:00",
     "seconds": 0.0959091,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/be7d4024b40de576",
     "started": "2026-11-21T09:41:34.483283+00:00",
     "seconds": 3.37992,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/84f0b0f4985ca0d7",
     "started": "2026-11-21T09:41:37.869823+00:00",
     "seconds": 0.0845147,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/1439ebf7970aa572",
     "started": "2026-11-21T09:41:37.960910+00:00",
     "seconds": 0.0911725,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/38c44c3b8e57131e",
     "started": "2026-11-21T09:41:38.058665+00:00",
     "seconds": 0.0283479,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/a9721418f5a69e38",
     "started": "2026-11-21T09:41:38.093470+00:00",
     "seconds": 0.0404741,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/fd7c5d001db19254",
     "started": "2026-11-21T09:41:38.140506+00:00",
     "seconds": 0.0611354,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/8364d731c8e8fe0c",
     "started": "2026-11-21T09:41:38.208113+00:00",
     "seconds": 0.0283229,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    }
   ],
   "file": "001-base_raw.js"
  },
  {
   "cell": "sibling",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/f993a02b194462c8",
     "started": "2026-11-21T12:17:29.771930+00:00",
     "seconds": 0.0382748,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/19f74a84171cc11c",
     "started": "2026-11-21T12:17:29.943440+00:00",
     "seconds": 0.111181,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/8196be06a4348eb4",
     "started": "2026-11-21T12:17:30.079397+00:00",
     "seconds": 1.26015,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/f8ba1905e279db47",
     "started": "2026-11-21T12:17:31.365252+00:00",
     "seconds": 0.0447973,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/0d61e3c616db5bcb",
     "started": "2026-11-21T12:17:31.427821+00:00",
     "seconds": 3.66551,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/1d0ffdd682f02d20",
     "started": "2026-11-21T12:17:35.115563+00:00",
     "seconds": 0.0339317,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/7c7c73905d014a5a",
     "started": "2026-11-21T12:17:35.179497+00:00",
     "seconds": 0.0279018,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/cb4975282c40bb93",
     "started": "2026-11-21T12:17:35.232165+00:00",
     "seconds": 0.0134094,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/3366472253aca44e",
     "started": "2026-11-21T12:17:35.275839+00:00",
     "seconds": 0.0156799,
     "device": "AMD EPYC",
     "commit": "eee71ceee4184418e9b1f187346ff9b0865c73ba",
     "dirty": false
    }
   ],
   "file": "002-sibling.js"
  },
  {
   "cell": "real",
   "train_seed": null,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "generate",
     "folder": "generate/7cb0acc7295fb283",
     "started": "2026-11-21T09:41:38.327342+00:00",
     "seconds": 0.0148817,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/2d19e1cb9c54a309",
     "started": "2026-11-21T09:41:38.347526+00:00",
     "seconds": 0.0189448,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/4a02f77efe8234d1",
     "started": "2026-11-21T09:41:38.370154+00:00",
     "seconds": 0.341904,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/80bc8dba2bcf53c2",
     "started": "2026-11-21T09:41:38.719327+00:00",
     "seconds": 0.971599,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/2c7c1561f3574151",
     "started": "2026-11-21T09:41:39.695140+00:00",
     "seconds": 0.0169839,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/89705e853460cdd1",
     "started": "2026-11-21T09:41:39.715519+00:00",
     "seconds": 0.0126147,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/4d37f735afe8428f",
     "started": "2026-11-21T09:41:39.731442+00:00",
     "seconds": 0.00791038,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/04f4d7e988c72c3d",
     "started": "2026-11-21T09:41:39.742442+00:00",
     "seconds": 0.00646683,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/37110deae999f85a",
     "started": "2026-11-21T09:41:39.751954+00:00",
     "seconds": 0.00652825,
     "device": "AMD EPYC",
     "commit": "305958dae67c7047a3ead54cfff1872568cb7551",
     "dirty": false
    }
   ],
   "file": "003-real.js"
  },
  {
   "cell": "dreambooth-lr0.0005_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/9a5fd2efde5666a4",
     "started": "2026-11-21T14:52:05.190831+00:00",
     "seconds": 130.855,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/d5167db8d4a9cb62",
     "started": "2026-11-21T14:54:16.452418+00:00",
     "seconds": 59.1198,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/7d62abfce3354734",
     "started": "2026-11-21T14:55:15.868364+00:00",
     "seconds": 0.180519,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/c4b6fd6eb3765d32",
     "started": "2026-11-21T14:55:16.086710+00:00",
     "seconds": 5.93505,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/db067e5df1cacd08",
     "started": "2026-11-21T14:55:22.087362+00:00",
     "seconds": 7.31181,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/3570b028e89b2a9f",
     "started": "2026-11-21T14:55:29.455287+00:00",
     "seconds": 4.44823,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/7cd3b0340486eb88",
     "started": "2026-11-21T14:55:33.923117+00:00",
     "seconds": 0.0280108,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/55055b8dad9c7a46",
     "started": "2026-11-21T14:55:33.976440+00:00",
     "seconds": 0.0386028,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/be1a6ca195c0db53",
     "started": "2026-11-21T14:55:34.046540+00:00",
     "seconds": 0.0217842,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/3e54aa60233098a9",
     "started": "2026-11-21T14:55:34.114389+00:00",
     "seconds": 0.016892,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "004-dreambooth-lr0.0005_steps400-seed0.js"
  },
  {
   "cell": "dreambooth-lr0.001_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/23b9c9a0b1ba0fe2",
     "started": "2026-11-21T14:52:06.739988+00:00",
     "seconds": 161.65,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/ded151c01831fbc3",
     "started": "2026-11-21T14:54:48.940312+00:00",
     "seconds": 53.0227,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/3978ac58d2b9421a",
     "started": "2026-11-21T14:55:42.296269+00:00",
     "seconds": 0.261877,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/f469c0a8e6075ab4",
     "started": "2026-11-21T14:55:42.603677+00:00",
     "seconds": 3.75172,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/1bacfdfb4345f86b",
     "started": "2026-11-21T14:55:46.386231+00:00",
     "seconds": 14.3556,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/8c50fe870681193e",
     "started": "2026-11-21T14:56:00.776924+00:00",
     "seconds": 8.3408,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/9342bd9988d92934",
     "started": "2026-11-21T14:56:09.139914+00:00",
     "seconds": 0.118212,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/f85147ec5c5b4f1a",
     "started": "2026-11-21T14:56:09.287187+00:00",
     "seconds": 0.135606,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/6bb225b479cb270c",
     "started": "2026-11-21T14:56:09.450970+00:00",
     "seconds": 0.0484821,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/dc6dbdefd03f9af0",
     "started": "2026-11-21T14:56:09.530867+00:00",
     "seconds": 0.0636218,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "005-dreambooth-lr0.001_steps400-seed0.js"
  },
  {
   "cell": "lora-lr0.001_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/b08ef5e0278dd4b8",
     "started": "2026-11-21T14:55:34.489246+00:00",
     "seconds": 213.45,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/cadf4a73d589dbd5",
     "started": "2026-11-21T14:59:08.012298+00:00",
     "seconds": 74.3406,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/6b8f6059d57e11da",
     "started": "2026-11-21T15:00:22.695832+00:00",
     "seconds": 0.165246,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/67b6afd738534f41",
     "started": "2026-11-21T15:00:22.904423+00:00",
     "seconds": 5.23483,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/4e35092013ca28ae",
     "started": "2026-11-21T15:00:28.158994+00:00",
     "seconds": 13.4744,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/83efa03cad155805",
     "started": "2026-11-21T15:00:41.664997+00:00",
     "seconds": 0.256473,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/484d09b2537cd98d",
     "started": "2026-11-21T15:00:41.977130+00:00",
     "seconds": 0.06526,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/2bc300812aa0a5bd",
     "started": "2026-11-21T15:00:42.104140+00:00",
     "seconds": 0.182822,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/7d1e5ef212a05c8a",
     "started": "2026-11-21T15:00:42.308852+00:00",
     "seconds": 0.0757917,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/11edf78053c9509a",
     "started": "2026-11-21T15:00:42.426807+00:00",
     "seconds": 0.0675305,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "006-lora-lr0.001_steps400-seed0.js"
  },
  {
   "cell": "lora-lr0.003_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/49f1ab3210fdd0d2",
     "started": "2026-11-21T14:56:10.468313+00:00",
     "seconds": 187.147,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/f9fe88b898941581",
     "started": "2026-11-21T14:59:17.666075+00:00",
     "seconds": 73.8176,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/ea5c620ec0d096cf",
     "started": "2026-11-21T15:00:31.854662+00:00",
     "seconds": 0.239336,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/38237e14ff7ee645",
     "started": "2026-11-21T15:00:32.147356+00:00",
     "seconds": 2.93738,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/89f2bd5999b1eacb",
     "started": "2026-11-21T15:00:35.115250+00:00",
     "seconds": 22.0875,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/4217307c3c68b752",
     "started": "2026-11-21T15:00:57.247827+00:00",
     "seconds": 0.339124,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/e31b11b3f56ee2ff",
     "started": "2026-11-21T15:00:57.634155+00:00",
     "seconds": 0.0522813,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/2b69a9f1b8981ad2",
     "started": "2026-11-21T15:00:57.712789+00:00",
     "seconds": 0.118185,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/2c62bfac086b4b46",
     "started": "2026-11-21T15:00:57.867175+00:00",
     "seconds": 0.0515176,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/da3ba9c21aca0997",
     "started": "2026-11-21T15:00:57.964839+00:00",
     "seconds": 0.0451874,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "007-lora-lr0.003_steps400-seed0.js"
  },
  {
   "cell": "dreambooth_lora-lr0.003_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/ce4a58cfca3d8b28",
     "started": "2026-11-21T15:00:43.200859+00:00",
     "seconds": 144.794,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/3ddd2ab7cada0d3a",
     "started": "2026-11-21T15:03:08.046305+00:00",
     "seconds": 73.942,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/b3af0e061d812323",
     "started": "2026-11-21T15:04:22.322788+00:00",
     "seconds": 0.287157,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/d584ad527b13cc51",
     "started": "2026-11-21T15:04:22.662629+00:00",
     "seconds": 3.16657,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/206dc01eb6031435",
     "started": "2026-11-21T15:04:25.869896+00:00",
     "seconds": 1.63267,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/d14b39981627c356",
     "started": "2026-11-21T15:04:27.543724+00:00",
     "seconds": 0.121349,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/76702e7f971ee415",
     "started": "2026-11-21T15:04:27.726701+00:00",
     "seconds": 0.0132513,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/f416b40548fb34ce",
     "started": "2026-11-21T15:04:27.783041+00:00",
     "seconds": 0.0353164,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/076a5f9b4b167bb8",
     "started": "2026-11-21T15:04:27.882583+00:00",
     "seconds": 0.0140583,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/e8d148e25c22fb92",
     "started": "2026-11-21T15:04:27.938850+00:00",
     "seconds": 0.0124547,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "008-dreambooth_lora-lr0.003_steps400-seed0.js"
  },
  {
   "cell": "dreambooth_lora-lr0.01_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/5793ea0973096f66",
     "started": "2026-11-21T15:00:58.788886+00:00",
     "seconds": 150.285,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/1665db78b5c51744",
     "started": "2026-11-21T15:03:29.149999+00:00",
     "seconds": 71.7043,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/606f1675eae248ba",
     "started": "2026-11-21T15:04:41.271696+00:00",
     "seconds": 0.241918,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/05ccdfb51369a859",
     "started": "2026-11-21T15:04:41.579287+00:00",
     "seconds": 3.59495,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/c6b1ddb0eae4f256",
     "started": "2026-11-21T15:04:45.206429+00:00",
     "seconds": 0.271842,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/595397d29f4ed59f",
     "started": "2026-11-21T15:04:45.511326+00:00",
     "seconds": 0.0932676,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/764ee74e4ba0deaa",
     "started": "2026-11-21T15:04:45.625102+00:00",
     "seconds": 0.0241251,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/b7b8fe3e15dd30f2",
     "started": "2026-11-21T15:04:45.687065+00:00",
     "seconds": 0.0259844,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/09f087c9364e7566",
     "started": "2026-11-21T15:04:45.749964+00:00",
     "seconds": 0.013926,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/c3e5aec9ea4f7f8c",
     "started": "2026-11-21T15:04:45.799173+00:00",
     "seconds": 0.0121838,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "009-dreambooth_lora-lr0.01_steps400-seed0.js"
  },
  {
   "cell": "textual_inversion-lr0.01_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/97518586ca50da29",
     "started": "2026-11-21T15:04:28.427323+00:00",
     "seconds": 91.6763,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/636add701ad6be58",
     "started": "2026-11-21T15:06:00.147201+00:00",
     "seconds": 60.0055,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/69d1c2d0d23984f4",
     "started": "2026-11-21T15:07:00.558694+00:00",
     "seconds": 0.198116,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/d72be7ac878a7a79",
     "started": "2026-11-21T15:07:00.818090+00:00",
     "seconds": 3.44836,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/408055330f628a09",
     "started": "2026-11-21T15:07:04.303645+00:00",
     "seconds": 0.157247,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/caeb97af6879deb1",
     "started": "2026-11-21T15:07:04.507433+00:00",
     "seconds": 0.0813886,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/921f3f5f13500057",
     "started": "2026-11-21T15:07:04.629156+00:00",
     "seconds": 0.020355,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/2b1b25c2e75aaded",
     "started": "2026-11-21T15:07:04.690841+00:00",
     "seconds": 0.0272905,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/f0ed36555bf67778",
     "started": "2026-11-21T15:07:04.750564+00:00",
     "seconds": 0.012923,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/f9b924fa70c52c7e",
     "started": "2026-11-21T15:07:04.801714+00:00",
     "seconds": 0.0147181,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "010-textual_inversion-lr0.01_steps400-seed0.js"
  },
  {
   "cell": "textual_inversion-lr0.05_steps400-seed0",
   "train_seed": 0,
   "status": "done",
   "cause": null,
   "stages": [
    {
     "stage": "train",
     "folder": "train/0e92cc01e5f4a943",
     "started": "2026-11-21T15:04:46.128092+00:00",
     "seconds": 102.959,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "generate",
     "folder": "generate/476464a9020a71a5",
     "started": "2026-11-21T15:06:29.097007+00:00",
     "seconds": 50.2919,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "yolo",
     "folder": "score/24ec518dfd9a668e",
     "started": "2026-11-21T15:07:19.621046+00:00",
     "seconds": 0.11596,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "ocr",
     "folder": "score/a4fe2e0c3acf17c2",
     "started": "2026-11-21T15:07:19.767523+00:00",
     "seconds": 2.59528,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "logo",
     "folder": "score/970edbe69b2ad2cc",
     "started": "2026-11-21T15:07:22.396706+00:00",
     "seconds": 0.1475,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_text",
     "folder": "score/784d28c72b7ff52b",
     "started": "2026-11-21T15:07:22.575562+00:00",
     "seconds": 0.0767065,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "clip_image",
     "folder": "score/c2c41c92c8c96295",
     "started": "2026-11-21T15:07:22.675675+00:00",
     "seconds": 0.0127111,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "dino",
     "folder": "score/4aba4b8bcfacb3bf",
     "started": "2026-11-21T15:07:22.718572+00:00",
     "seconds": 0.0262212,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "diversity",
     "folder": "score/dbd6ddef30bba35b",
     "started": "2026-11-21T15:07:22.766741+00:00",
     "seconds": 0.0127623,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    },
    {
     "stage": "memorization",
     "folder": "score/cca65771c1303a67",
     "started": "2026-11-21T15:07:22.803130+00:00",
     "seconds": 0.0198545,
     "device": "AMD EPYC",
     "commit": "309bbc2c2275b4989000450fcd62aee4c9ec5e92",
     "dirty": false
    }
   ],
   "file": "011-textual_inversion-lr0.05_steps400-seed0.js"
  }
 ],
 "settings": {
  "keys": [
   "class_images.base",
   "class_images.device",
   "class_images.model.dtype",
   "class_images.model.family",
   "class_images.model.resolution_px",
   "class_images.sampler.batch_size",
   "class_images.sampler.guidance_scale",
   "class_images.sampler.negative_prompt",
   "class_images.sampler.num_inference_steps",
   "class_images.sampler.scheduler",
   "class_images.threads",
   "generate.base",
   "generate.device",
   "generate.model.dtype",
   "generate.model.family",
   "generate.model.resolution_px",
   "generate.real",
   "generate.sampler.batch_size",
   "generate.sampler.guidance_scale",
   "generate.sampler.negative_prompt",
   "generate.sampler.num_inference_steps",
   "generate.sampler.scheduler",
   "generate.sibling",
   "generate.size_px",
   "generate.threads",
   "override.method",
   "override.method.adapters.lora.alpha",
   "override.method.adapters.lora.rank",
   "override.method.adapters.lora.targets",
   "override.metric",
   "override.prompts",
   "override.sample.test_seeds",
   "override.sample.validation_seeds",
   "override.study",
   "override.subject",
   "override.threads",
   "override.train.batch_size",
   "override.train.lr",
   "override.train.mixed_precision",
   "override.train.steps",
   "score.clip_image.judge.device",
   "score.clip_image.judge.open_clip_torch",
   "score.clip_image.judge.torch",
   "score.clip_image.judge.weights",
   "score.clip_image.kind",
   "score.clip_image.metric_version",
   "score.clip_image.settings.batch_size",
   "score.clip_image.settings.device",
   "score.clip_image.settings.model",
   "score.clip_image.settings.pretrained",
   "score.clip_image.subject",
   "score.clip_text.judge.device",
   "score.clip_text.judge.open_clip_torch",
   "score.clip_text.judge.torch",
   "score.clip_text.judge.weights",
   "score.clip_text.kind",
   "score.clip_text.metric_version",
   "score.clip_text.settings.batch_size",
   "score.clip_text.settings.device",
   "score.clip_text.settings.model",
   "score.clip_text.settings.pretrained",
   "score.clip_text.subject",
   "score.dino.judge.onnxruntime",
   "score.dino.judge.pillow",
   "score.dino.judge.weights",
   "score.dino.kind",
   "score.dino.metric_version",
   "score.dino.settings.batch_size",
   "score.dino.settings.device",
   "score.dino.settings.model",
   "score.dino.subject",
   "score.diversity.judge.encoder.onnxruntime",
   "score.diversity.judge.encoder.pillow",
   "score.diversity.judge.encoder.weights",
   "score.diversity.judge.lpips",
   "score.diversity.kind",
   "score.diversity.metric_version",
   "score.diversity.settings.batch_size",
   "score.diversity.settings.device",
   "score.diversity.settings.lpips",
   "score.diversity.settings.model",
   "score.diversity.settings.pretrained",
   "score.diversity.subject",
   "score.diversity.validation_seeds",
   "score.logo.judge.detector.onnxruntime",
   "score.logo.judge.detector.weights",
   "score.logo.judge.rapidocr",
   "score.logo.kind",
   "score.logo.metric_version",
   "score.logo.settings.case",
   "score.logo.settings.confidence",
   "score.logo.settings.default",
   "score.logo.settings.easyocr_folder",
   "score.logo.settings.margin",
   "score.logo.settings.readers",
   "score.logo.settings.threads",
   "score.logo.settings.upscale_to_px",
   "score.logo.subject",
   "score.memorization.judge.onnxruntime",
   "score.memorization.judge.pillow",
   "score.memorization.judge.weights",
   "score.memorization.kind",
   "score.memorization.metric_version",
   "score.memorization.settings.batch_size",
   "score.memorization.settings.device",
   "score.memorization.settings.model",
   "score.memorization.settings.pretrained",
   "score.memorization.subject",
   "score.ocr.judge.rapidocr",
   "score.ocr.kind",
   "score.ocr.metric_version",
   "score.ocr.settings.case",
   "score.ocr.settings.default",
   "score.ocr.settings.easyocr_folder",
   "score.ocr.settings.readers",
   "score.ocr.settings.threads",
   "score.ocr.settings.upscale_to_px",
   "score.ocr.subject",
   "score.yolo.judge.onnxruntime",
   "score.yolo.judge.weights",
   "score.yolo.kind",
   "score.yolo.metric_version",
   "score.yolo.settings.floor",
   "score.yolo.settings.threads",
   "score.yolo.subject",
   "train.adapters.embedding.initializer",
   "train.adapters.embedding.lr",
   "train.adapters.embedding.vectors",
   "train.adapters.full.lr",
   "train.adapters.full.text_encoder_lr",
   "train.adapters.lora.alpha",
   "train.adapters.lora.lr",
   "train.adapters.lora.rank",
   "train.adapters.lora.targets",
   "train.adapters.lora.text_encoder_lr",
   "train.adapters.lora.text_encoder_rank",
   "train.base",
   "train.captions",
   "train.device",
   "train.model.dtype",
   "train.model.family",
   "train.model.resolution_px",
   "train.prior_weight",
   "train.subject",
   "train.threads",
   "train.train.batch_size",
   "train.train.cache",
   "train.train.gradient_accumulation_steps",
   "train.train.lr",
   "train.train.max_grad_norm",
   "train.train.mixed_precision",
   "train.train.schedule",
   "train.train.seed",
   "train.train.steps",
   "train.train.warmup_steps",
   "train.train.weight_decay"
  ],
  "common": {
   "score.clip_image.judge.device": "cpu",
   "score.clip_image.judge.open_clip_torch": "3.3.0",
   "score.clip_image.judge.torch": "2.15.0",
   "score.clip_image.judge.weights": "28bc3c81a6f1be343d4ee9589180113d4056ad505d34f5422f52dc5d07f8081e",
   "score.clip_image.kind": "clip_image",
   "score.clip_image.metric_version": "1",
   "score.clip_image.settings.batch_size": "16",
   "score.clip_image.settings.device": "auto",
   "score.clip_image.settings.model": "bundled:clip",
   "score.clip_image.settings.pretrained": "null",
   "score.clip_image.subject": "8e91e5353d3fff18",
   "score.clip_text.judge.device": "cpu",
   "score.clip_text.judge.open_clip_torch": "3.3.0",
   "score.clip_text.judge.torch": "2.15.0",
   "score.clip_text.judge.weights": "28bc3c81a6f1be343d4ee9589180113d4056ad505d34f5422f52dc5d07f8081e",
   "score.clip_text.kind": "clip_text",
   "score.clip_text.metric_version": "1",
   "score.clip_text.settings.batch_size": "16",
   "score.clip_text.settings.device": "auto",
   "score.clip_text.settings.model": "bundled:clip",
   "score.clip_text.settings.pretrained": "null",
   "score.clip_text.subject": "8e91e5353d3fff18",
   "score.dino.judge.onnxruntime": "1.31.1",
   "score.dino.judge.pillow": "13.0.0",
   "score.dino.judge.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.dino.kind": "dino",
   "score.dino.metric_version": "1",
   "score.dino.settings.batch_size": "16",
   "score.dino.settings.device": "auto",
   "score.dino.settings.model": "bundled:encoder",
   "score.dino.subject": "8e91e5353d3fff18",
   "score.diversity.judge.encoder.onnxruntime": "1.31.1",
   "score.diversity.judge.encoder.pillow": "13.0.0",
   "score.diversity.judge.encoder.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.diversity.judge.lpips": "null",
   "score.diversity.kind": "diversity",
   "score.diversity.metric_version": "1",
   "score.diversity.settings.batch_size": "16",
   "score.diversity.settings.device": "auto",
   "score.diversity.settings.lpips": "null",
   "score.diversity.settings.model": "bundled:encoder",
   "score.diversity.settings.pretrained": "null",
   "score.diversity.subject": "8e91e5353d3fff18",
   "score.logo.judge.detector.onnxruntime": "1.31.1",
   "score.logo.judge.detector.weights": "c580b51daf5a2cdebf9720eb584d62a7c9416246f2d8f58c0ebb96d3d5b8cb9d",
   "score.logo.judge.rapidocr": "[\"3.10.0\", \"1.31.1\"]",
   "score.logo.kind": "logo",
   "score.logo.metric_version": "1",
   "score.logo.settings.case": "ignore",
   "score.logo.settings.confidence": "0.25",
   "score.logo.settings.default": "rapidocr",
   "score.logo.settings.easyocr_folder": "null",
   "score.logo.settings.margin": "0.15",
   "score.logo.settings.readers": "[\"rapidocr\"]",
   "score.logo.settings.threads": "1",
   "score.logo.settings.upscale_to_px": "384",
   "score.logo.subject": "8e91e5353d3fff18",
   "score.memorization.judge.onnxruntime": "1.31.1",
   "score.memorization.judge.pillow": "13.0.0",
   "score.memorization.judge.weights": "26713b5b039cd9c041235b82ba285ad11561ca213fe0d0e1e021e04adf28b09b",
   "score.memorization.kind": "memorization",
   "score.memorization.metric_version": "1",
   "score.memorization.settings.batch_size": "16",
   "score.memorization.settings.device": "auto",
   "score.memorization.settings.model": "bundled:encoder",
   "score.memorization.settings.pretrained": "null",
   "score.memorization.subject": "8e91e5353d3fff18",
   "score.ocr.judge.rapidocr": "[\"3.10.0\", \"1.31.1\"]",
   "score.ocr.kind": "ocr",
   "score.ocr.metric_version": "1",
   "score.ocr.settings.case": "ignore",
   "score.ocr.settings.default": "rapidocr",
   "score.ocr.settings.easyocr_folder": "null",
   "score.ocr.settings.readers": "[\"rapidocr\"]",
   "score.ocr.settings.threads": "1",
   "score.ocr.settings.upscale_to_px": "384",
   "score.ocr.subject": "8e91e5353d3fff18",
   "score.yolo.judge.onnxruntime": "1.31.1",
   "score.yolo.judge.weights": "c580b51daf5a2cdebf9720eb584d62a7c9416246f2d8f58c0ebb96d3d5b8cb9d",
   "score.yolo.kind": "yolo",
   "score.yolo.metric_version": "1",
   "score.yolo.settings.floor": "0.001",
   "score.yolo.settings.threads": "1",
   "score.yolo.subject": "8e91e5353d3fff18"
  },
  "own": [
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "score.diversity.validation_seeds": "[0, 1, 2]"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "score.diversity.validation_seeds": "[0, 1, 2]"
   },
   {
    "generate.sibling": "0eb629c810218a39",
    "generate.size_px": "64"
   },
   {
    "generate.real": "8e91e5353d3fff18",
    "generate.size_px": "64"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.0005",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.full.lr": "null",
    "train.adapters.full.text_encoder_lr": "null",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.0005",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.001",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.full.lr": "null",
    "train.adapters.full.text_encoder_lr": "null",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.001",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.001",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"images\", null]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.001",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.003",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"images\", null]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.003",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth_lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.003",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.003",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "class_images.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "class_images.device": "cpu",
    "class_images.model.dtype": "float32",
    "class_images.model.family": "stable_diffusion",
    "class_images.model.resolution_px": "64",
    "class_images.sampler.batch_size": "8",
    "class_images.sampler.guidance_scale": "3.0",
    "class_images.sampler.negative_prompt": "",
    "class_images.sampler.num_inference_steps": "25",
    "class_images.sampler.scheduler": "ddim",
    "class_images.threads": "1",
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "dreambooth_lora",
    "override.method.adapters.lora.alpha": "16",
    "override.method.adapters.lora.rank": "16",
    "override.method.adapters.lora.targets": "[to_q,to_k,to_v,to_out.0,ff.net.0.proj,ff.net.2,proj_in,proj_out,conv1,conv2]",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.lr": "0.01",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.lora.alpha": "16",
    "train.adapters.lora.lr": "null",
    "train.adapters.lora.rank": "16",
    "train.adapters.lora.targets": "[\"to_q\", \"to_k\", \"to_v\", \"to_out.0\", \"ff.net.0.proj\", \"ff.net.2\", \"proj_in\", \"proj_out\", \"conv1\", \"conv2\"]",
    "train.adapters.lora.text_encoder_lr": "null",
    "train.adapters.lora.text_encoder_rank": "8",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"instance\", \"a {subject}\"]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "1.0",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "4",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.01",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "textual_inversion",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.01",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.embedding.initializer": "null",
    "train.adapters.embedding.lr": "null",
    "train.adapters.embedding.vectors": "6",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"templates\", [\"a {subject}\", \"the {subject}\", \"a photo of a {subject}\", \"a photo of the {subject}\"]]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.01",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   },
   {
    "generate.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "generate.device": "cpu",
    "generate.model.dtype": "float32",
    "generate.model.family": "stable_diffusion",
    "generate.model.resolution_px": "64",
    "generate.sampler.batch_size": "8",
    "generate.sampler.guidance_scale": "3.0",
    "generate.sampler.negative_prompt": "",
    "generate.sampler.num_inference_steps": "25",
    "generate.sampler.scheduler": "ddim",
    "generate.threads": "1",
    "override.method": "textual_inversion",
    "override.metric": "[yolo,ocr,logo,clip_text,clip_image,dino,diversity,memorization]",
    "override.prompts": "thesis",
    "override.sample.test_seeds": "[4000,4001,4002,4003,4004,4005,4006,4007]",
    "override.sample.validation_seeds": "[0,1,2]",
    "override.study": "microworld",
    "override.subject": "red_hugo_logo",
    "override.threads": "1",
    "override.train.batch_size": "8",
    "override.train.lr": "0.05",
    "override.train.mixed_precision": "bf16",
    "override.train.steps": "400",
    "score.diversity.validation_seeds": "[0, 1, 2]",
    "train.adapters.embedding.initializer": "null",
    "train.adapters.embedding.lr": "null",
    "train.adapters.embedding.vectors": "6",
    "train.base": "dfcf73b50cde420cd529a84dfb0024ec6edf2e2e1d7e8fc2a38ce743a0edaa70",
    "train.captions": "[\"templates\", [\"a {subject}\", \"the {subject}\", \"a photo of a {subject}\", \"a photo of the {subject}\"]]",
    "train.device": "cpu",
    "train.model.dtype": "float32",
    "train.model.family": "stable_diffusion",
    "train.model.resolution_px": "64",
    "train.prior_weight": "null",
    "train.subject": "0e8722cd5122d9b7",
    "train.threads": "1",
    "train.train.batch_size": "8",
    "train.train.cache": "true",
    "train.train.gradient_accumulation_steps": "1",
    "train.train.lr": "0.05",
    "train.train.max_grad_norm": "1.0",
    "train.train.mixed_precision": "bf16",
    "train.train.schedule": "constant",
    "train.train.seed": "0",
    "train.train.steps": "400",
    "train.train.warmup_steps": "0",
    "train.train.weight_decay": "0.01"
   }
  ]
 },
 "made_with": [
  [
   "commit",
   "305958dae67c7047a3ead54cfff1872568cb7551, eee71ceee4184418e9b1f187346ff9b0865c73ba, 309bbc2c2275b4989000450fcd62aee4c9ec5e92"
  ],
  [
   "device",
   "AMD EPYC"
  ],
  [
   "python",
   "3.11.7"
  ],
  [
   "packages",
   "accelerate 1.15.0, diffusers 0.42.1, easyocr 1.7.2, huggingface_hub 2.4.0, hydra-core 1.3.8, hydra-joblib-launcher 1.2.0, hydra-submitit-launcher 1.2.0, Jinja2 3.1.6, matplotlib 3.11.2, numpy 2.4.6, omegaconf 2.3.1, onnx 1.23.2, onnxruntime 1.31.1, open_clip_torch 3.3.0, pandas 3.1.1, peft 0.21.2, pillow 13.0.0, pyarrow 26.0.1, pytesseract 0.3.13, PyYAML 6.0.3, RapidFuzz 3.14.6, rapidocr 3.10.0, rich 15.0.0, safetensors 0.8.0, scikit-image 0.26.0, scipy 1.17.1, tensorboard 2.21.0, torch 2.15.0, torchvision 0.29.2, transformers 5.23.0, ultralytics 8.4.190, wandb 0.31.0"
  ],
  [
   "scoring",
   "yolo 271 images/s, ocr 14.5 images/s, logo 9.33 images/s, clip_text 27.6 images/s, clip_image 1.15e+03 images/s, dino 755 images/s, diversity 1.35e+03 images/s, memorization 1.52e+03 images/s"
  ]
 ],
 "intervals": "Means over the images of the test seeds; in brackets the 95 % interval, a bootstrap over clusters. A\ncluster is one prompt with one image seed: 8 to 40 of them per row. Prompts are the study's fixed conditions, image\nseeds its random draws; images of replicates (other training seeds) fall into the same cluster, so the spread between\ntrainings is averaged, not shown. An image that could not be judged is left out and counted, never 0. \u2020 from fewer than 10 clusters: may be too narrow. \u2021 failed its audit: point at the title to see why."
};
